"""The post-editor: edits that a model learned from what people make of machine translation.

Each edit is one of a closed set (articles, prepositions, endings, order, frequent rewordings), so it can be
judged one by one; the edits of a sentence also stand together as one rewrite.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtcheck.alternatives import ProposedEdit
from mtcheck.engines import PostEditor
from mtcheck.schema import Segment

GENERATOR = "post-editor"
LEAST = 0.15
"""Below what the post-editor would do by itself: guards and the chooser judge after it."""


def edits(segments: Sequence[Segment], post_editor: PostEditor) -> list[ProposedEdit]:
    """The edits that the model suggests for each segment."""
    suggested = post_editor.edits([segment.hypothesis for segment in segments], LEAST)
    return [
        ProposedEdit(segment.seg_id, edit.span, edit.replacement, GENERATOR, group=1, probability=edit.probability)
        for segment, mine in zip(segments, suggested, strict=True)
        for edit in mine
    ]
