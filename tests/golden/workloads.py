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


_Layers = list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Decoder:
    """Contractions and number of weights of a decoder's prefill."""

    gemms: tuple[Gemm, ...]
    weights: int


def _decoder(
    width: int, heads: int, tokens: int, blocks: int, words: int, layers: list[tuple[str, int, int]]
) -> Decoder:
    head = width // heads
    gemms = [Gemm(name, 1, m, k, tokens, repeats=blocks) for name, m, k in layers]
    gemms += [
        Gemm("attn", heads, tokens, head, tokens, "scores", blocks),
        Gemm("attn", heads, tokens, tokens, head, "values", blocks),
        Gemm("head", 1, words, width, tokens),
    ]
    held = sum(m * k for _, m, k in layers) * blocks + 2 * words * width  # embedding and head
    return Decoder(tuple(gemms), held)


def llama(tokens: int = 4096) -> Decoder:
    """Llama-2-7B."""
    h, f = 4096, 11008
    layers = [("qkv", 3 * h, h), ("proj", h, h), ("gate", f, h), ("up", f, h), ("down", h, f)]
    return _decoder(h, 32, tokens, 32, 32000, layers)


def small_gpt(tokens: int = 1024) -> Decoder:
    """GPT-2."""
    h = 768
    layers = [("qkv", 3 * h, h), ("proj", h, h), ("ffn1", 4 * h, h), ("ffn2", h, 4 * h)]
    return _decoder(h, 12, tokens, 12, 50257, layers)
