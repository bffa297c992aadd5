"""The words by which counts are told in prose: people, things, units, and what is numbered.

Owns English and Russian lists, casefolded, ё as е. Refuses to interpret: `found_counts` does.
"""

from collections.abc import Sequence


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PEOPLE = _words(
    "people persons person men man women woman children child boys girls adults minors"
    " teenagers youths students schoolchildren pupils protesters protestors demonstrators"
    " workers oilmen oilworkers strikers miners employees police policemen policewomen officers"
    " soldiers troops servicemen guards gendarmes rioters residents locals civilians citizens"
    " inhabitants villagers townspeople detainees prisoners inmates suspects activists"
    " journalists reporters correspondents lawyers doctors medics nurses teachers victims"
    " survivors casualties families households relatives refugees migrants hostages witnesses"
    " bystanders supporters believers opponents members militants fighters gunmen insurgents"
    " rebels others pensioners mothers fathers sons daughters brothers sisters husbands wives"
    " friends colleagues drivers farmers foreigners nationals dead wounded injured deaths"
    " fatalities arrests detentions killings человек человека людей люди мужчин мужчины мужчина"
    " женщин женщины женщина детей дети ребенок ребенка подростков подростка юношей девушек"
    " студентов студента протестующих демонстрантов митингующих рабочих рабочие нефтяников"
    " нефтяника работников работника сотрудников сотрудника полицейских полицейского омоновцев"
    " омоновца солдат солдата военных военнослужащих жителей жителя граждан гражданина"
    " задержанных арестованных погибших убитых раненых пострадавших избитых пропавших"
    " заключенных активистов активиста журналистов журналиста свидетелей свидетеля"
    " родственников участников участника подозреваемых обвиняемых осужденных семей семьи семья"
    " жертв беженцев врачей пенсионеров сельчан"
)
_THINGS = _words(
    "vehicles cars vehicle trucks buses houses homes buildings shops stores schools hospitals"
    " offices apartments flats properties mosques churches yurts tents kiosks banks автомобилей"
    " автомобиля машин машины автобусов домов дома зданий здания магазинов магазина школ"
    " квартир построек"
)
# What a number before it measures or lists: no count of ours.
UNITS = _words(
    "second seconds minute minutes hour hours day days night nights week weeks month months"
    " year years decade decades century centuries times o'clock am pm a.m p.m percent per pct"
    " degrees metre metres meter meters km kilometre kilometres kilometer kilometers mile miles"
    " cm mm feet inches yards kg kilo kilos kilogram kilograms gram grams ton tons tonne tonnes"
    " litre litres liter liters barrels volts mg ml hectares acres mph kmh gb mb tenge dollar"
    " dollars euro euros rouble roubles ruble rubles pound pounds som soms секунд секунды минут"
    " минуты час часа часов день дня дней сутки суток ночь ночи ночей неделя недели недель"
    " неделю месяц месяца месяцев год года лет раз раза процент процента процентов метр метра"
    " метров километр километра километров км см мм кг килограмм килограммов грамм граммов тонн"
    " тонны литр литра литров баррелей градусов гектаров тенге доллар доллара долларов евро"
    " рубль рубля рублей сом сомов января февраля марта апреля мая июня июля августа сентября"
    " октября ноября декабря"
)
# Where a number stands after it and is its name.
NUMBERED = _words(
    "article articles art section sections paragraph para clause chapter page pages p pp part"
    " no number nr room floor building house flat apartment school hospital unit colony camp"
    " point item rule law decree order resolution protocol case file block district"
    " microdistrict route highway road gate platform channel radio type model version phone"
    " telephone tel fax box chart figure table note category level grade ward cell court"
    " brigade regiment battalion boeing covid chapter episode act psalm статья статье статьи"
    " статьей статью ст пункт пункта пункте пунктом часть часть части ч глава главы главе стр"
    " страница странице номер номера дом дома доме д квартира квартире кв школа школе школы"
    " школой больница больнице больницы этаж этаже корпус корпусе микрорайон микрорайоне мкр"
    " участок участке колония колонии тюрьма тюрьме закон закона указ указа приказ приказа дело"
    " дела тел телефон телефону факс № сизо ик"
)
ABSTRACT = _words(
    "questions reasons points ways things stages steps rounds shots bullets cartridges visits"
    " meetings interviews reports articles statements letters signatures demands hours days"
    " calls charges counts cases copies votes pieces parts sides occasions months years weeks"
    " languages вопросов вопроса причин причины дней выстрелов патронов писем статей требований"
    " голосов этапов встреч подписей"
)
_WOMEN = _words(
    "woman wife mother daughter sister girl widow grandmother schoolgirl policewoman niece"
    " aunt женщина женщину женщины жена жену мать дочь сестра сестру девушка девушку девочка"
    " девочку вдова вдову бабушка бабушку"
)
_MEN = _words(
    "man husband father son brother boy widower grandfather schoolboy policeman nephew uncle"
    " мужчина мужчину муж мужа отец отца сын сына брат брата мальчик мальчика парень парня"
    " юноша юношу дед деда"
)
_SOMEBODY = _words(
    "person child teenager student protester protestor demonstrator worker activist journalist"
    " reporter lawyer resident passer-by bystander pensioner prisoner detainee civilian soldier"
    " officer teacher doctor driver человек человека ребенок ребенка подросток подростка"
    " рабочий рабочего активист активиста журналист журналиста студент студента"
)
# One person, and what the word says of their sex; "" where it says nothing.
ONE_PERSON = {
    **dict.fromkeys(_WOMEN, "female"),
    **dict.fromkeys(_MEN, "male"),
    **dict.fromkeys(_SOMEBODY, ""),
}
BEFORE_ONE_PERSON = _words(
    "a an one her his my our their another ее его мой моего мою наш нашего один одна одну одного"
)
_HARM_STEMS = (
    *("detain", "arrest", "kill", "injur", "wound", "beaten", "beat", "die", "dead", "death"),
    *("missing", "disappear", "shot", "hurt", "hospitali", "displac", "evacuat", "tortur"),
    *("round", "abduct", "kidnap", "jail", "imprison", "lost", "burn"),
    *("задерж", "арест", "убит", "убил", "погиб", "ранен", "ранил", "постра", "избит", "избил"),
    *("пропа", "исчез", "скончал", "умер", "похищ", "госпитал", "расстрел", "сожж", "сожгл"),
)


def is_people(word: str) -> bool:
    return word in _PEOPLE


def is_thing(word: str) -> bool:
    return word in _THINGS


def has_cue(words: Sequence[str]) -> bool:
    """Whether one of these tells of harm, so that a bare number beside it counts whom it befell."""
    return any(word.startswith(_HARM_STEMS) for word in words)
