"""What stands out of a picture: a centre–surround model of saliency."""

import torch
from torch.nn.functional import conv2d, interpolate, max_pool2d, pad

from attnbook.checks import checked, describe, finite, floating
from attnbook.shapes import Float, Tensor


def _check_image(image: object) -> None:
    floating(image=image)
    assert isinstance(image, Tensor)
    if image.dim() != 3 or image.shape[-1] != 3 or min(image.shape[:2]) < 128:
        raise ValueError(
            f"image must be (height, width, 3), at least 128 pixels either way, for nine scales;"
            f" got {describe(image)}. Use cues.render()."
        )
    finite(image=image)
    if image.min() < 0 or image.max() > 1:
        raise ValueError(
            f"image must lie between 0 and 1; got {float(image.min()):g} to {float(image.max()):g}."
            f" Divide 8-bit colours by 255."
        )


def _pyramid(image: Tensor) -> list[Tensor]:
    """Return nine scales of a (height, width) image, each blurred and half the one before."""
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=image.dtype, device=image.device) / 16
    scales = [image[None, None]]
    for _ in range(8):
        blurred = conv2d(pad(scales[-1], (2, 2, 2, 2), mode="replicate"), taps.view(1, 1, 1, 5))
        scales.append(conv2d(blurred, taps.view(1, 1, 5, 1))[..., ::2, ::2])
    return scales


def _resize(image: Tensor, like: Tensor) -> Tensor:
    return interpolate(image, size=like.shape[-2:], mode="bilinear", align_corners=False)


def _normalise(feature: Tensor) -> Tensor:
    """Return N(feature): favour a map with one strong peak over a map with many alike."""
    feature = feature - feature.min()
    if feature.max() < 1 / 255:  # less than a step of an 8-bit colour is rounding, not a feature
        return torch.zeros_like(feature)
    feature = feature / feature.max()
    # Local maxima but the greatest; below a tenth of it they are noise.
    peaks = feature[(feature == max_pool2d(feature, 3, stride=1, padding=1)) & (feature > 0.1)]
    others = peaks.sort().values[:-1]
    mean = others.mean() if len(others) else feature.new_zeros(())
    return feature * (1 - mean) ** 2


def _conspicuity(maps: list[Tensor]) -> Tensor:
    """Return the sum at scale 4 of the normalised centre-surround differences of some maps."""
    total = torch.zeros(())
    for feature in maps:
        scales = _pyramid(feature)
        for centre in (2, 3, 4):
            for delta in (3, 4):
                surround = _resize(scales[centre + delta], scales[centre])
                difference = (scales[centre] - surround).abs()
                total = total.to(feature) + _resize(_normalise(difference), scales[4])
    return total


@checked(_check_image)
def saliency(image: Float[Tensor, "height width 3"]) -> Float[Tensor, "height width"]:
    """Return how much each place of an image stands out, from 0 to 1.

    The model of Itti, Koch and Niebur (1998, IEEE PAMI 20:1254): Gaussian pyramids of nine scales;
    centre–surround differences between scales c = 2, 3, 4 and s = c + 3, c + 4, of intensity and of
    red–green and blue–yellow opponency; the operator N(.), which favours maps with a single peak;
    sums over scales, then over intensity and colour. Orientation, their third channel, is left out.
    The opponent maps are differences, (R − G)(c) − (R − G)(s): with the sign printed in the
    paper's equation (2), centre and surround would add.

    Parameters
    ----------
    image
        Red, green and blue from 0 to 1, at least 128 pixels either way.

    Raises
    ------
    TypeError
        If ``image`` is not a floating-point tensor.
    ValueError
        If it has another shape, is too small or leaves [0, 1].

    Examples
    --------
    >>> image = torch.full((128, 192, 3), 0.9)
    >>> image[32:64, 112:144] = torch.tensor([0.8, 0.1, 0.1])
    >>> row, column = divmod(int(saliency(image).argmax()), 192)
    >>> 32 <= row < 64, 112 <= column < 144
    (True, True)
    """
    red, green, blue = image.unbind(-1)
    intensity = (red + green + blue) / 3
    # Hue is not seen in the dark: colours count only where it is bright enough.
    bright = intensity > intensity.max() / 10
    r, g, b = (torch.where(bright, c / intensity.clamp(min=1e-6), 0.0) for c in (red, green, blue))
    reds, greens, blues = r - (g + b) / 2, g - (r + b) / 2, b - (r + g) / 2
    yellows = (r + g) / 2 - (r - g).abs() / 2 - b
    red_green = reds.clamp(min=0) - greens.clamp(min=0)
    blue_yellow = blues.clamp(min=0) - yellows.clamp(min=0)

    total = (
        _normalise(_conspicuity([intensity])) + _normalise(_conspicuity([red_green, blue_yellow]))
    ) / 2
    total = _resize(total, image[None, None, ..., 0])[0, 0]
    total = total - total.min()
    return total / total.max().clamp(min=torch.finfo(total.dtype).tiny)
