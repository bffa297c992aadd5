"""The words of dates as people type them: months, weekdays, and what joins them.

Owns which word plays which part. Refuses to interpret: what “about” or “between” does to a date
stands in `dates`, and how words are found in a text in `dates_parts`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Word(NamedTuple):
    """Its part in a date; the number is a month from 1, or a weekday from 0 for Monday."""

    kind: str
    number: int = 0


# English, German; French, Spanish; Russian, Kazakh; Arabic of Egypt, the Levant, the Maghreb;
# Persian.
_MONTHS = (
    "january jan januar jänner janvier janv enero ene январь января январе янв қаңтар қаң "
    "يناير كانون_الثاني جانفي ژانویه",
    "february feb februar feber février févr fév febrero февраль февраля феврале февр фев ақпан "
    "ақп فبراير شباط فيفري فوریه",
    "march mar märz mars marzo март марта марте мар наурыз нау مارس آذار",
    "april apr avril avr abril abr апрель апреля апреле апр сәуір сәу أبريل نيسان أفريل آوریل",
    "may mai mayo май мая мае мамыр мам مايو أيار ماي مه",
    "june jun juni juin junio июнь июня июне июн маусым мау يونيو يونية حزيران جوان ژوئن",
    "july jul juli juillet juil julio июль июля июле июл шілде шіл يوليو يوليه يوليوز تموز جويلية "
    "ژوئیه",
    "august aug août agosto ago август августа августе авг тамыз там أغسطس آب أوت غشت اوت",
    "september sept sep septembre septiembre setiembre set сентябрь сентября сентябре сент сен "
    "қыркүйек қыр سبتمبر أيلول شتنبر سپتامبر",
    "october oct oktober okt octobre octubre октябрь октября октябре окт қазан қаз "
    "أكتوبر تشرين_الأول اکتبر",
    "november nov novembre noviembre ноябрь ноября ноябре нояб ноя қараша қар "
    "نوفمبر تشرين_الثاني نونبر نوامبر",
    "december dec dezember dez décembre diciembre dic декабрь декабря декабре дек желтоқсан "
    "жел ديسمبر كانون_الأول دجنبر دسامبر",
)
_WEEKDAYS = (
    "monday mon montag lundi lunes понедельник пн дүйсенбі الاثنين",
    "tuesday tues tue dienstag mardi martes вторник вт сейсенбі الثلاثاء",
    "wednesday weds wed mittwoch mercredi miércoles среда среду ср сәрсенбі الأربعاء",
    "thursday thurs thur thu donnerstag jeudi jueves четверг чт бейсенбі الخميس",
    "friday fri freitag vendredi viernes пятница пятницу пт жұма الجمعة",
    "saturday sat samstag samedi sábado суббота субботу сб сенбі السبت",
    "sunday sun sonntag dimanche domingo воскресенье вс жексенбі الأحد",
)
_PARTS = {
    "~": "about around or_about circa ca c approximately approx roughly около примерно "
    "приблизительно ориентировочно шамамен vers environ hacia etwa حوالي",
    "?": "possibly perhaps maybe probably возможно вероятно может_быть vielleicht quizás ربما",
    "from": "from since starting not_before not_earlier_than no_earlier_than с со от начиная_с "
    "не_ранее не_раньше",
    "until": "to until till through thru up_to not_after not_later_than no_later_than до по "
    "вплоть_до не_позднее не_позже",
    "by": "by к ко",
    "before": "before prior_to earlier_than перед раньше ранее",
    "after": "after later_than после позднее позже",
    "or before": "or_before or_earlier или_раньше или_ранее",
    "or after": "or_after or_later или_позже или_позднее",
    "onwards": "onwards onward",
    "between": "between между",
    "and": "and & и",
    "or": "or или либо",
    "filler": "the of on in at either d de del el la le l am der den dem im в во на день "
    "year г гг год года году годы годов числа число период period "
    "ж жыл жылы жылғы في يوم عام سنة م",
    "season": "spring summer autumn fall winter season весна весной весны весну лето летом лета "
    "осень осенью осени зима зимой зимы зиму көктем жаз күз қыс printemps été automne hiver "
    "primavera verano otoño invierno frühling sommer herbst الربيع الصيف الخريف الشتاء",
    "relative": "yesterday today tomorrow tonight now last next this recently previous "
    "days weeks months years hours "
    "вчера сегодня завтра позавчера сейчас назад недавно прошлый прошлая прошлой прошлом прошлую "
    "этот эта этой этом эту hier heute gestern ayer кеше бүгін أمس اليوم",
    "part": "early mid middle late beginning start end half week weekend начало начале середина "
    "середине конец конце половина половине неделя неделе неделю выходные",
    "clock": "morning afternoon evening night midnight noon midday dawn dusk utc gmt pm o_clock "
    "утро утром утра день_днем вечер вечером вечера ночь ночью ночи полдень полночь час часов",
}
_ORDINALS = "st nd rd th er eme e o º ª го ого е ое сы сі шы ші ы і"


def folded(word: str) -> str:
    """The word without case and without signs above or below its letters: Août is aout."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")


def _phrases(words: str) -> Iterator[str]:
    return (folded(word.replace("_", " ")) for word in words.split())


def _numbered(kind: str, names: Iterable[str], first: int) -> dict[str, Word]:
    return {
        phrase: Word(kind, number)
        for number, words in enumerate(names, start=first)
        for phrase in _phrases(words)
    }


# A phrase of several words, one space apart, takes precedence over its words.
WORDS = {
    **{phrase: Word(kind) for kind, words in _PARTS.items() for phrase in _phrases(words)},
    **_numbered("weekday", _WEEKDAYS, 0),
    **_numbered("month", _MONTHS, 1),
}
MONTHS = tuple(tuple(word.replace("_", " ") for word in words.split()) for words in _MONTHS)
LONGEST_PHRASE = max(len(phrase.split()) for phrase in WORDS)
ORDINALS = tuple(_phrases(_ORDINALS))
WEEKDAYS = tuple(words.split()[0].capitalize() for words in _WEEKDAYS)
