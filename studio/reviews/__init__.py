"""Reviews: colleagues vote blind on the images of an experiment, by a plan that was fixed before the first vote.

plan (what is asked, when it ends) → schedule (who sees which pair, on which side) → ballots (what was answered) →
verdict (what may be said). ``desk.Reviews`` keeps all of it in the database.
"""
