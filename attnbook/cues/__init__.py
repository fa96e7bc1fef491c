"""A table with five objects, what stands out on it, and where the eye goes: section 10.1.1.

In: nothing, or a :class:`Scene` with the cup elsewhere or of another colour. Out: the drawn scene
(:mod:`~attnbook.cues.scene`), the saliency of its picture (:mod:`~attnbook.cues.saliency_model`)
and the objects' attention weights with and without a query (:mod:`~attnbook.cues.gaze`).
"""

from .gaze import (
    FEATURES,
    OBJECTS,
    SceneObject,
    draw_gaze,
    draw_saliency,
    fixation,
    keys,
    nonvolitional_attention,
    plot_attention,
    query,
    target,
    volitional_attention,
)
from .saliency_model import saliency
from .scene import Scene, draw_scene, grey_as_light_as, regions, render

__all__ = [
    "FEATURES",
    "OBJECTS",
    "Scene",
    "SceneObject",
    "draw_gaze",
    "draw_saliency",
    "draw_scene",
    "fixation",
    "grey_as_light_as",
    "keys",
    "nonvolitional_attention",
    "plot_attention",
    "query",
    "regions",
    "render",
    "saliency",
    "target",
    "volitional_attention",
]
