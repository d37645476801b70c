"""Draw handwritten digits on simulated light, beside the same digits on onnxruntime, and say what they cost.

    python models/digits_gan/demo.py --out out

Writes digits.png (three rows of ten digits: onnxruntime, the optical processor's converters alone, and the full noise
model), digits_gan.helio (the compiled program) and report.json; prints how many of the pictures a digit classifier
reads as intended, and the cost table.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import heliograph
from models.digits_gan.picture import save_grid
from models.digits_gan.score import GENERATOR, intended_rate, latents

TARGET = "awgr8-28g{opu.weight_banks=2,precision.adc_range=calibrated,ring.settle_ns=10}"
CALIBRATION_SEED, PICTURE_SEED = 1000, 3
BATCH = 250


def main() -> None:
    """Parse options, then compile, run, draw, score and report."""
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    z, label = latents(options.pictures, PICTURE_SEED)

    started = time.perf_counter()
    zc, lc = latents(64, CALIBRATION_SEED)
    program = heliograph.compile(GENERATOR, options.target, calibrate={"z": zc, "label": lc})
    program.save(out / "digits_gan.helio")
    print(f"compiled {GENERATOR.name} for {options.target} in {time.perf_counter() - started:.1f} s")
    print(_operating_point(program))

    rows = {
        "onnxruntime": _onnxruntime(z, label),
        "ideal engine": _light(program, "ideal", z, label),
        "quantized": _light(program, "quantized", z, label),
        "noisy": _light(program, "noisy", z, label),
    }
    error = np.abs(rows["ideal engine"] - rows["onnxruntime"]).max() / np.abs(rows["onnxruntime"]).max()
    print(f"ideal engine against onnxruntime: largest relative difference {error:.1e}")
    for name, images in rows.items():
        print(f"{name:>13}: {100 * intended_rate(images, label):5.1f} % of {len(images)} digits read as intended")

    drawn = {name: images[:10] for name, images in rows.items() if name != "ideal engine"}
    save_grid(out / "digits.png", drawn, title=f"digits_gan on {options.target}")
    report = heliograph.report(program, dims={"batch": options.pictures})
    (out / "report.json").write_bytes(report.to_json())
    print()
    print(report.to_text())
    print(f"wrote {out / 'digits.png'}, {out / 'digits_gan.helio'} and {out / 'report.json'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the results (default: out)")
    parser.add_argument("--target", default=TARGET, help=f"optical target (default: {TARGET})")
    parser.add_argument("--pictures", type=int, default=1000, help="digits to draw and score (default: 1000)")
    options = parser.parse_args()
    if options.pictures < 10:
        parser.error("--pictures must be at least 10")
    return options


def _onnxruntime(z: np.ndarray, label: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(str(GENERATOR), providers=["CPUExecutionProvider"])
    return session.run(["image"], {"z": z, "label": label})[0]


def _light(program: heliograph.Program, engine: str, z: np.ndarray, label: np.ndarray) -> np.ndarray:
    session = heliograph.InferenceSession(program, engine=engine, seed=1)
    parts = [
        session.run(["image"], {"z": z[i : i + BATCH], "label": label[i : i + BATCH]})[0]
        for i in range(0, len(z), BATCH)
    ]
    return np.concatenate(parts)


def _operating_point(program: heliograph.Program) -> str:
    from heliograph.backends import load_target

    target = load_target(program.target)
    formats = target.formats
    return (
        f"operating point: launch power {target.laser.launch_power_dbm:g} dBm per channel, "
        f"{formats.input_bits}-bit inputs, {formats.weight_bits}-bit weights, "
        f"ADC {target.adc.enob:g} effective bits ({formats.adc_range} range), {formats.repeats} detection(s) per symbol"
    )


if __name__ == "__main__":
    try:
        main()
    except heliograph.HeliographError as problem:
        sys.exit(str(problem))
