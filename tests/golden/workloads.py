"""Transformers as lists of contractions, batch 1: the table of Lightening-Transformer's public simulator."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.backends.conventions.gemms import Gemm
from heliograph.backends.conventions.lightening_transformer.cost import Others


@dataclass(frozen=True, slots=True)
class Transformer:
    """An encoder: width, heads, tokens, blocks, classes; `patches` of an image are embedded when there are any."""

    name: str
    width: int
    heads: int
    tokens: int
    blocks: int
    classes: int
    patches: int = 0

    def gemms(self) -> list[Gemm]:
        """All contractions."""
        h, t, r = self.width, self.tokens, self.blocks
        head = self.width // self.heads
        embed = [Gemm("embed", 1, h, 3 * 16 * 16, self.patches)] if self.patches else []
        return [
            *embed,
            Gemm("qkv", 1, 3 * h, h, t, repeats=r),
            Gemm("attn", self.heads, t, head, t, "scores", r),
            Gemm("attn", self.heads, t, t, head, "values", r),
            Gemm("proj", 1, h, h, t, repeats=r),
            Gemm("ffn1", 1, 4 * h, h, t, repeats=r),
            Gemm("ffn2", 1, h, 4 * h, t, repeats=r),
            Gemm("head", 1, self.classes, h, 1),
        ]

    def others(self) -> Others:
        """Non-linear layers of one block."""
        h, t = self.width, self.tokens
        return Others(self.heads * t * t, t * (h + 1), 2 * t * h, 4 * t * h, self.blocks)


WORKLOADS = {
    w.name: w
    for w in (
        Transformer("deit_tiny_197", 192, 3, 197, 12, 1000, 196),
        Transformer("deit_base_197", 768, 12, 197, 12, 1000, 196),
        Transformer("bert_base_384", 768, 12, 384, 12, 2),
        Transformer("bert_large_320", 1024, 16, 320, 24, 2),
    )
}
