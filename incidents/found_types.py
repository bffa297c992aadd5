"""The types of incident a text looks like, with the words that speak for each.

Owns cue words in English and Russian; codes are the domain's. Refuses to guess: without such
words there is none, and words that deny, or that only name an organisation, speak for nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from incidents.found_words import ReadText, Stretch

# What speaks plainly for a type, and what only does so beside more.
_PLAIN: Mapping[str, str] = {
    "detention": r"(?:was|were|been|being|got) (?:\w+ )?(?:detained|arrested|rounded up|picked up"
    r"|taken into custody|taken to (?:a|the) (?:\w+ )?police station)(?: by (?:the )?\w+)?"
    r"|detained|arrest(?:ed|s|ing)?|round(?:ing|ed)? up|house arrest|taken to the police station"
    r"|lined up against a wall|abducted|задерж(?:ал\w*|ан\w*|ив\w+)|арест(?:ов\w+|ы|а)?"
    r"|под стражей|увезли в (?:полицию|участок)|доставл\w+ в (?:полицию|участок|увд|ровд)",
    "ill_treatment": r"(?:is|are|was|were|been|being) (?:\w+ )?(?:tortured|mistreated|ill-treated"
    r"|abused)|beaten (?:up )?and taken|tortur(?:e|ed|ing)|beaten (?:up )?(?:in|at|during)"
    r" (?:custody|detention|the police station)|forced to confess|electric shocks?"
    r"|пыт(?:ки|кам\w*|ают|али)|издевал\w+",
    "injury": r"(?:was|were|been|being) (?:\w+ )?(?:beaten(?: up)?|injured|wounded|hurt)|beaten up"
    r"|wounded|injur(?:ed|ies)|beat (?:him|her|them)|избит\w*|избил\w*|избива\w+|ранен\w*|ранил\w*"
    r"|травм\w+|пострадавш\w+",
    "killing": r"(?:was|were|been|being) (?:\w+ )?(?:killed|murdered|executed|shot dead)|killed"
    r"|shot dead|who died|died (?:of|in hospital|from)|found dead|bodies|убит\w*|убил\w*|погиб\w*"
    r"|скончал\w+|застрел\w+",
    "disappearance": r"disappeared|went missing|(?:is|are|was|were) missing|whereabouts (?:are|is)"
    r" (?:not known|unknown)|hasn't heard news|has not been seen|пропал\w*|без вести|исчез\w*",
    "use_of_force": r"opened fire|open(?:ing)? fire|fired (?:at|on|into|the first)|tear gas"
    r"|water cannon|batons?|rubber bullets|shooting there|gave the order to shoot|shotgun"
    r" cartridge|throwing stones|открыл\w* огонь|стрелял\w*|стрельб\w+|слезоточив\w+|дубинк\w+"
    r"|водомет\w*",
    "restriction": r"curfew|checkpoints?|state of emergency|internet (?:was|is) (?:cut|shut)"
    r"|communications? (?:were|was) cut|banned (?:rallies|assemblies)|not allowed (?:to leave|in)"
    r"|heavily (?:armed|equipped) (?:\w+ )?police|комендантск\w+ час\w*|чрезвычайн\w+ положени\w+"
    r"|блокпост\w*|отключ\w+ (?:интернет|связь)|запре(?:т|ще)\w+ (?:митинг|собрани)\w+",
    "shortage": r"no (?:bread|milk|food|water|medicine|electricity|gas|fuel|heating)"
    r"|(?:shortage|lack) of \w+|going hungry|nothing to (?:eat|feed)|ran out of|food prices"
    r"|empty shelves|нет (?:хлеба|молока|воды|еды|света|газа|лекарств|продуктов)|нехватк\w+"
    r"|дефицит\w*|голода\w+",
    "property_damage": r"set(?:ting)? fire to|set on fire|burn(?:ed|t|ing) (?:down )?(?:\w+ )?"
    r"(?:cars?|vehicles?|buildings?|houses?|offices?)|torched|looted|looting|smashed|demolished"
    r"|поджог\w*|подожг\w+|сожж\w+|разграб\w+|мародер\w+|разгром\w+|снес\w+ дом\w*",
    "official_statement": r"(?:the )?(?:interior |prime |foreign |defen[cs]e )?(?:minister"
    r"|president|governor|mayor|akim|prosecutor(?:'s office)?|spokes(?:man|woman|person)|ministry"
    r"|police chief|government|official)s? (?:\w+ ){0,2}(?:said|says|stated|stressed|announced"
    r"|denied|confirmed|declared|claimed|told|admitted)"
    r"|press (?:release|service|conference)|official statement"
    r"|(?:министр\w*|президент\w*|аким\w*|прокуратур\w+|министерств\w+|пресс-служб\w+|мвд"
    r"|представител\w+) (?:\w+ ){0,3}(?:заявил\w*|сообщил\w*|отметил\w*|опроверг\w*|подтвердил\w*"
    r"|сказал\w*|объявил\w*)|пресс-служб\w+|официальн\w+ заявлени\w+",
    "witness_statement": r"(?:eye)?witness(?:es)? (?:\w+ )?(?:said|says|told|saw|described)"
    r"|(?:woman|man|women|men|residents?|locals|relatives?|he|she|they) (?:\w+ ){0,2}(?:said"
    r"|told us|says|say) (?:that )?(?:he|she|they|we|i|it)|according to (?:eye)?witness(?:es)?"
    r"|очевид(?:ец|цы|цев) (?:\w+ )?(?:рассказ\w+|сообщ\w+)|по словам (?:очевид\w+|свидетел\w+"
    r"|жител\w+)|свидетел\w+ (?:рассказ\w+|сообщ\w+)",
}
_CUES = {
    code: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)
    for code, words in _PLAIN.items()
}
_DENIED = re.compile(
    r"\b(?:not|never|no one|nobody|wasn't|weren't|hadn't|didn't|without being|не|никто)"
    r"(?: \w+){0,2} $",
    re.IGNORECASE,
)
_ACTS = tuple(code for code in _PLAIN if not code.endswith("_statement"))
# What a text says happened weighs more than that somebody said it.
_STATEMENT_WEIGHT = 0.9
_MOST_CUES = 50


@dataclass(frozen=True)
class LikelyType:
    """`type` is a code of the domain; the words that speak for it, the first of them, in place."""

    type: str
    start: int
    end: int
    words: str


def likely_types(text: str | ReadText, most: int = 3) -> tuple[LikelyType, ...]:
    """The likeliest first, at most so many; none where no word speaks for one.

    Takes time that grows with the text's length, and raises nothing. Offsets are code points.
    """
    source = text if isinstance(text, ReadText) else ReadText(text)
    scored = []
    for order, code in enumerate(_PLAIN):
        cues = _said(source, code)
        if cues:
            first = source.stretch(*cues[0])
            scored.append((_score(code, cues), -first.start, -order, code, first))
    scored.sort(reverse=True)
    return tuple(_likely(code, first) for *_, code, first in scored[:most])


def _said(source: ReadText, code: str) -> list[tuple[int, int]]:
    found = []
    for match in _CUES[code].finditer(source.folded):
        if not _DENIED.search(source.folded, max(match.start() - 30, 0), match.start()):
            found.append(match.span())
            if len(found) == _MOST_CUES:
                break
    return found


def _score(code: str, cues: list[tuple[int, int]]) -> float:
    """How often it is spoken of; a phrase says more than a word."""
    weight = 1.0 if code in _ACTS else _STATEMENT_WEIGHT
    return weight * sum(1.0 + min(end - start, 40) / 40 for start, end in cues)


def _likely(code: str, first: Stretch) -> LikelyType:
    return LikelyType(code, first.start, first.end, first.words)
