"""News briefs: a document with an author, an editor and an approver, three people, and the cut-off of every figure in it.

Figures are taken from the books when it is proposed and quotes only from what somebody stored with its source and the
consent of who said it; neither can be typed into the text. A brief carries no picture.
"""
