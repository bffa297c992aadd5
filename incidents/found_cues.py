"""What words near a count say is counted: detained, killed, injured, ill-treated …

Owns the cue words in English and Russian. Refuses to choose where none is near.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping

from incidents.found_words import ReadText

_MEASURES: Mapping[str, str] = {
    "killed": r"kill\w*|died?|dead|deaths?|fatal\w*|murder\w*|shot dead|убит\w*|убил\w*|погиб\w*"
    r"|скончал\w*|умер\w*|расстрелян\w*",
    "detained": r"detain\w*|detention\w*|arrest\w*|round(?:ed|ing) up|picked up|in custody|jailed"
    r"|imprison\w*|taken to (?:a|the) police|lined up against|police station|задерж\w*|арест\w*"
    r"|доставлен\w*|под стражей|посадили|в сизо",
    "ill_treated": r"tortur\w*|ill-treat\w*|mistreat\w*|abus(?:ed|ing)|пыт(?:ал|к)\w*|издева\w*",
    "injured": r"injur\w*|wound\w*|beat(?:en|ing|ings)?|hurt|hospitali\w*|bruis\w*|ранен\w*"
    r"|ранил\w*|пострада\w*|избит\w*|избил\w*|избива\w*|травм\w*|госпитализ\w*",
    "disappeared": r"disappear\w*|missing|whereabouts|пропа(?:л|в)\w*|исчез\w*",
    "displaced": r"displac\w*|evacuat\w*|fled|эвакуир\w*|бежал\w*|переселен\w*",
    "security_personnel": r"(?:omon|riot) police|police officers|policemen|soldiers|troops"
    r"|servicemen|omon|омон\w*|полицейск\w+|солдат\w*|военнослужащ\w+|силовик\w*",
    "property_items": r"vehicles|cars|houses|buildings|shops|автомобил\w+|машин\w*|дом(?:ов|а)"
    r"|здани\w+|магазин\w*",
}
_CUES = re.compile(
    "|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _MEASURES.items()), re.IGNORECASE
)
# What is counted itself decides before what befell somebody.
_COUNTED_ITSELF = ("security_personnel", "property_items")
_AFTER, _BEFORE = 60, 80


def measure_near(source: ReadText, start: int, end: int) -> str | None:
    """The measure the words near these places of the shadow speak of: in the sentence the nearest,
    else in what stands just before.
    """
    ends = source.sentence_ends
    which = bisect_left(ends, end)
    first = ends[which - 1] if which else 0
    last = min(ends[which] if which < len(ends) else len(source.folded), end + _AFTER)
    following = _CUES.match(source.folded, _word_after(source.folded, end, last), last)
    counted = following or _CUES.search(source.folded, end, min(last, end + 30))
    if counted and counted.lastgroup in _COUNTED_ITSELF:
        return counted.lastgroup
    here = [
        match
        for match in _CUES.finditer(source.folded, max(first, start - _BEFORE), last)
        if match.lastgroup not in _COUNTED_ITSELF
    ]
    if here:
        near = min(here, key=lambda one: max(one.start() - end, start - one.end()))
        return near.lastgroup
    before = [
        match
        for match in _CUES.finditer(source.folded, max(start - 2 * _BEFORE, 0), first)
        if match.lastgroup not in _COUNTED_ITSELF
    ]
    return before[-1].lastgroup if before else None


def _word_after(folded: str, end: int, last: int) -> int:
    while end < last and folded[end] == " ":
        end += 1
    return end
