namespace FerMl.Experiments;

/// <summary>Numbers of epochs at which trials are compared, and which trial continues.</summary>
internal static class Rungs
{
    /// <summary>The rungs that a trial climbs: the last is the whole number of epochs.</summary>
    public static int[] Of(StudyDefinition study, int trial)
    {
        var all = new List<int>();
        for (long epochs = study.FirstEpochs; epochs < study.Epochs && study.Schedule != ScheduleKind.None; epochs *= study.Factor)
            all.Add((int)epochs);
        all.Add(study.Epochs);
        // A bracket of Hyperband leaves out as many of the first rungs as its number says.
        return study.Schedule == ScheduleKind.Hyperband ? [.. all.Skip(trial % all.Count)] : [.. all];
    }

    /// <summary>
    /// The paused trial that continues: one of the best 1/factor of all that reached its rung, the highest rung first. A trial that went
    /// on, or failed later, still counts among those.
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

    /// <summary>Epochs to which a trial is trained next.</summary>
    public static int After(StudyDefinition study, Trial trial) => Of(study, trial.Number).First(rung => rung > trial.Epochs);
}
