"""From a goal to a derivation: steps that name their rule, each judged like anybody's claim."""
