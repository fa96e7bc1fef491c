"""Pages and site after the generator: formulas set, notes attached, HTML slimmed, policy sealed.

In: HTML that the generator wrote. Out: HTML, styles and fonts as they are served. It uses `pages`
and below.
"""
