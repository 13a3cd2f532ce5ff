"""How likely an article, taken whole, is machine translation that no editor has touched.

The same word deserves a flag in raw machine translation and none in an edited text, and a whole article tells the two
apart far better than a sentence does: the word tagger calls 3 % of the words of human news bad, and three times as many
in machine translation of news. Three averages over the article are weighed by a logistic model, drawn towards
the undecided where the text is short. ``models/recipes/article_reading.py`` fits the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtcheck.detectors.rule import Analysis
from mtcheck.detectors.word_surprisal import tails

_SHORT = 60.0  # words at which an article's averages and the undecided middle weigh the same
_MOST_SURPRISED = 20.0
_UNLIKELIEST = 0.002  # probabilities are held this far from 0 and 1
_STRANGEST = 8.0
# (value of the average halfway between raw translation and human news, weight of the distance from it)
_TAGGER, _SURPRISAL, _STRANGENESS = (-1.10, 14.39), (6.00, -2.98), (1.17, 10.53)
_BIAS = -0.09
_PRIOR = -1.5  # log-odds that an article which somebody checks is raw: one in five or six


def logit(probability: float) -> float:
    """ln(p / (1 - p)), with p held away from 0 and 1."""
    held = min(max(probability, _UNLIKELIEST), 1 - _UNLIKELIEST)
    return math.log(held / (1 - held))


def sigmoid(value: float) -> float:
    """The inverse of :func:`logit`."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def strangeness(analysis: Analysis) -> list[float | None]:
    """How much more surprising each word is than its like in human news, at most 8; None where it is not judged."""
    return [None if value is None else min(value, _STRANGEST) for value in tails(analysis)]


def unedited(article: Sequence[Analysis]) -> float | None:
    """Probability, in [0, 1], that nobody edited the article; None where no tagger has read it."""
    tagger = [logit(probability) for analysis in article for _, probability in analysis.bad]
    if not tagger:
        return None
    surprisal = [min(-log_prob, _MOST_SURPRISED) for analysis in article for _, log_prob in analysis.surprisal]
    strange = [value for analysis in article for value in strangeness(analysis) if value is not None]
    evidence = ((_TAGGER, tagger), (_SURPRISAL, surprisal), (_STRANGENESS, strange))
    return sigmoid(_PRIOR + _BIAS + sum(_weighed(values, *scale) for scale, values in evidence))


def _weighed(values: Sequence[float], middle: float, weight: float) -> float:
    """Weight times the distance of the average from the middle, the less the fewer values there are."""
    return weight * (sum(values) - len(values) * middle) / (len(values) + _SHORT)
