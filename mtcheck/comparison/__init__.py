"""Two versions of one article compared: sentences paired, words diffed, the distance scored, findings traced.

The original is scored as a hypothesis against the corrected version as its reference, as human-targeted
TER does with a post-edit (Snover et al. 2006); chrF2++ after Popović (2017), BLEU after Papineni et al.
(2002), all from sacrebleu (Post 2018) and sentence-aligned. Findings weigh as errors do in MQM.
"""

from mtcheck.comparison.measuring import BAD_LEVEL, FLUENCY_LEVEL, Measure, compare_further, compare_review, measured
from mtcheck.comparison.pairing import Comparison, Kind, Pair, compare
from mtcheck.comparison.tracing import PENALTIES, Turnover, Verdict, penalty, traced

__all__ = [
    "BAD_LEVEL",
    "FLUENCY_LEVEL",
    "PENALTIES",
    "Comparison",
    "Kind",
    "Measure",
    "Pair",
    "Turnover",
    "Verdict",
    "compare",
    "compare_further",
    "compare_review",
    "measured",
    "penalty",
    "traced",
]
