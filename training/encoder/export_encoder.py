"""Write a trained encoder for the run time.

``python -m training.encoder.export_encoder WEIGHTS TOKENIZER OUT``

OUT gets the network as ONNX with weights of 8 bits, which onnxruntime runs, and the tokenizer.
"""

import sys
import tempfile
from pathlib import Path

import torch  # type: ignore[import-not-found,unused-ignore]

from training.encoder.network import Judge
from training.export import write_weights
from transforms.nlp.learned.encoder import HEAD, MODEL, OUTPUTS, TOKENIZER

OPSET = 17


def load_judge(weights: Path) -> Judge:
    """Return a trained encoder."""
    state = torch.load(weights, weights_only=True)
    layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("bert.layers."))
    judge = Judge(layers)
    judge.load_state_dict(state)
    judge.eval()
    return judge


def export(judge: Judge, path: Path) -> None:
    """Write the network with weights of 32 bits. Articles and spans may be of any number."""
    example = (torch.zeros(1, 9, dtype=torch.long), torch.zeros(2, 9))
    torch.onnx.export(
        judge,
        example,
        str(path),
        input_names=["ids", "pooling"],
        output_names=list(OUTPUTS),
        dynamic_axes={
            "ids": {1: "pieces"},
            "pooling": {0: "spans", 1: "pieces"},
            **{name: {0: "spans"} for name in ("struck", "places", "others")},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(path: Path, out: Path) -> None:
    """Write a network with weights of 8 bits, a scale for each column."""
    from onnxruntime.quantization import (
        QuantType,
        quantize_dynamic,
    )

    quantize_dynamic(str(path), str(out), per_channel=True, weight_type=QuantType.QInt8)


def main(arguments: list[str]) -> None:
    """Export one encoder."""
    from tokenizers import Tokenizer  # type: ignore[import-not-found,unused-ignore]

    weights, tokenizer_file, out = (Path(a) for a in arguments)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(out / TOKENIZER), pretty=False)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / MODEL
        judge = load_judge(weights)
        export(judge, whole)
        quantise(whole, out / MODEL)
        write_weights(judge.head, out / HEAD)
        print(f"{whole.stat().st_size} bytes, {(out / MODEL).stat().st_size} with weights of 8 bits")


if __name__ == "__main__":
    main(sys.argv[1:])
