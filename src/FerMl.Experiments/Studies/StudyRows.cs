using System.Data.Common;
using System.Text.Json;

namespace FerMl.Experiments;

/// <summary>Reads studies and trials from database rows, and validates them, since other programs may have changed them.</summary>
internal static class StudyRows
{
    public const string TrialColumns = "number, configuration, state, scores, worker, attempts, error";

    /// <exception cref="JsonException">The text isn't a study definition.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value is outside its range.</exception>
    public static StudyDefinition Definition(string text)
    {
        var study = JsonSerializer.Deserialize<StudyDefinition>(text, FerMlJson.Line);
        if (study is not { Name: not null, Space.Parameters: not null, Notes: not null, FirstTrials: not null }
            || study.Space.Parameters.Any(
                parameter => parameter is not { Name: not null, Choices: not null } || parameter.Choices.Contains(null!))
            || study.FirstTrials.Any(values => values is null || values.Values.Contains(null!))
            || study.Notes.Values.Contains(null!))
            throw new JsonException("its definition lacks parts");
        study.Validate();
        return study;
    }

    /// <exception cref="FormatException">The row isn't a valid trial.</exception>
    public static Trial Trial(DbDataReader row)
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(1), FerMlJson.Line);
        var scores = JsonSerializer.Deserialize<TrialScore[]>(row.GetString(3), FerMlJson.Line);
        var trial = new Trial(
            row.GetInt32(0),
            new Configuration(values ?? throw new FormatException("it has no configuration")),
            Enum.Parse<TrialState>(row.GetString(2)),
            scores ?? throw new FormatException("it has no scores"),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetInt32(5),
            row.IsDBNull(6) ? null : row.GetString(6));
        return trial.Number >= 0 && Enum.IsDefined(trial.State) && !values.ContainsValue(null!)
            && scores.All(score => score.Epochs > 0 && double.IsFinite(score.Score))
            ? trial
            : throw new FormatException("it has invalid values");
    }

    /// <summary>Checks that a study's trials are numbered from 0 and have valid values for all parameters.</summary>
    /// <exception cref="FormatException">A trial is missing or invalid.</exception>
    public static void Check(StudyDefinition study, IReadOnlyList<Trial> trials)
    {
        foreach (var (place, trial) in trials.Index())
        {
            if (trial.Number != place)
                throw new FormatException($"there is no trial {place} before trial {trial.Number}");
            // A custom tuner may propose any values.
            if (study.Tuner == TunerKind.Custom)
                continue;
            study.Space.ToUnit(trial.Configuration);
        }
    }
}
