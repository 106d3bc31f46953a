namespace FerMl.Experiments;

/// <summary>The rungs of successive halving: the epochs at which trials are compared, and which trial continues.</summary>
internal static class Rungs
{
    /// <summary>The rungs of a trial; the last is the full number of epochs.</summary>
    public static int[] Of(StudyDefinition study, int trial)
    {
        var all = new List<int>();
        for (long epochs = study.FirstEpochs; epochs < study.Epochs && study.Schedule != ScheduleKind.None; epochs *= study.Factor)
            all.Add((int)epochs);
        all.Add(study.Epochs);
        // Bracket number s of Hyperband skips the first s rungs.
        return study.Schedule == ScheduleKind.Hyperband ? [.. all.Skip(trial % all.Count)] : [.. all];
    }

    /// <summary>
    /// The paused trial to continue: one of the best 1/factor of all trials that reached its rung, highest rung first. Trials that
    /// continued or failed later still count.
    /// </summary>
    public static Trial? Next(StudyDefinition study, IReadOnlyList<Trial> trials)
    {
        foreach (var group in trials.GroupBy(trial => study.Schedule == ScheduleKind.Hyperband ? trial.Number % Of(study with
        {
            Schedule = ScheduleKind.SuccessiveHalving,
        }, 0).Length : 0))
        {
            var rungs = Of(study, group.Key);
            foreach (var rung in rungs.SkipLast(1).Reverse())
            {
                Trial[] reached = [.. group.Where(trial => trial.ScoreAfter(rung) is not null)
                    .OrderByDescending(trial => trial.ScoreAfter(rung)).ThenBy(trial => trial.Number)];
                if (reached.Take(reached.Length / study.Factor)
                    .FirstOrDefault(trial => trial.State == TrialState.Paused && trial.Epochs == rung) is { } next)
                    return next;
            }
        }
        return null;
    }

    /// <summary>The epochs to train a trial to next.</summary>
    public static int After(StudyDefinition study, Trial trial) => Of(study, trial.Number).First(rung => rung > trial.Epochs);
}
