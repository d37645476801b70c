"""The entries of a program file, in the order in which they lie in it."""

WEIGHTS = "weights.bin"  # embedded weights, mapped into memory
BYTECODE = "program.hgbc"  # the module, as it is read back
TEXT = "program.mlir"  # the same module for people; never read back
MANIFEST = "manifest.json"

PAYLOADS = (WEIGHTS, BYTECODE, TEXT)  # listed in the manifest, which comes last
ENTRIES = (*PAYLOADS, MANIFEST)
