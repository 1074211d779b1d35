"""Make the previews of the demo set anew, after its pictures were painted: `python -m studio.demo`."""

from studio.demo import sample
from studio.images import decoded, previewed


def main() -> None:
    for old in sample.PICTURES.glob("*.*.webp"):
        old.unlink()
    for one in sample.samples(sample.told()):
        with decoded(one.content) as image:
            for side, made in previewed(image).items():
                if max(image.size) > side:
                    (sample.PICTURES / f"{one.place:02}.{side}.webp").write_bytes(made)


if __name__ == "__main__":
    main()
