"""What each sequence-to-sequence model is made of: its languages, data, phases, shape and schedule."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One corpus: ``name`` picks its reader; its pairs are drawn with the weight of the phase."""

    name: str
    general: float
    news: float


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """Size of a MarianMT model (Junczys-Dowmunt et al. 2018; deep encoder, shallow decoder as Kasai et al. 2021)."""

    width: int = 384
    encoder_layers: int = 6
    decoder_layers: int = 2
    feed_forward: int = 1536
    heads: int = 6
    pieces: int = 24_000


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """One model. ``updates`` of about ``batch_tokens`` target tokens; the last ``news_share`` of them draw on news.

    vocabulary: models with the same word share one SentencePiece model.
    """

    model: str
    source_lang: str
    target_lang: str
    vocabulary: str
    sources: tuple[Source, ...]
    shape: Shape = Shape()
    updates: int = 12_000
    news_share: float = 0.25
    batch_tokens: int = 32_000
    learning_rate: float = 8e-4
    warm_up: int = 1_500
    label_smoothing: float = 0.1
    dropout: float = 0.1
    ema_decay: float = 0.9995
    seed: int = 1


_HUMAN = (
    Source("wmt_newstest_2012_2019", 4, 20),
    Source("wmt_general_2022_2023", 4, 16),
    Source("ud_pud", 4, 16),
    Source("flores_dev", 4, 16),
    Source("tico19", 3, 6),
    Source("xquad", 3, 6),
    Source("tatoeba", 1, 1),
    Source("opensource_guide", 1, 0.5),
    Source("debian_web", 0.5, 0.1),
    Source("games_mo", 0.5, 0.1),
    Source("msdocs_ht", 1, 0.1),
)

PLANS = {
    plan.model: plan
    for plan in (
        Plan("en-ru", "en", "ru", "ru+en", (*_HUMAN, Source("distil_news", 3, 4))),
        Plan("ru-en", "ru", "en", "ru+en", (*_HUMAN, Source("distil_news", 3, 4), Source("msdocs_mt", 0.5, 0.02))),
        Plan(
            "post-editor",
            "en",
            "en",
            "en",
            (
                Source("wmt15_16_outputs", 3, 4),
                Source("mlqe_post_edits", 3, 4),
                Source("made_translationese", 1, 1),
                Source("clean_news", 0.5, 0.5),
            ),
            shape=Shape(pieces=16_000),
            updates=6_000,
        ),
    )
}
