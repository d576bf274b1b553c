"""The shell behind every front: IPython's, for learning."""

TRANSLATES = "fluxrepl.shell.translate"  # the module that makes Python of IPython's syntax, for `Settings.shell`
