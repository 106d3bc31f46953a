using System.Text.Json;

namespace FerMl.Experiments;

/// <summary>
/// The outcome of a pipeline trial: the logits of each held-out face. Stored alongside the study, for the leaderboard and the temperature
/// of the best model.
/// </summary>
/// <param name="Faces">Indices of the faces among the study's; repeated cross-validation contains each several times.</param>
/// <param name="Logits">Their logits, one row per face and one column per label.</param>
/// <param name="Parameters">Number of fitted parameters.</param>
/// <param name="Seconds">Duration of the trial.</param>
internal sealed record TrialOutcome(int[] Faces, float[][] Logits, long Parameters, double Seconds)
{
    private const string FileName = "outcome.json";

    public void Write(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, FerMlJson.Line), overwrite: true);

    /// <exception cref="ExperimentException">The outcome is missing or damaged.</exception>
    public static TrialOutcome Read(string folder, int faces, int labels)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var outcome = JsonSerializer.Deserialize<TrialOutcome>(File.ReadAllText(path), FerMlJson.Line);
            return outcome is { Faces.Length: > 0, Logits: not null } && outcome.Faces.Length == outcome.Logits.Length
                && outcome.Faces.All(face => face >= 0 && face < faces)
                && outcome.Logits.All(row => row?.Length == labels && row.All(float.IsFinite))
                ? outcome : throw new JsonException("it has invalid values");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ExperimentException(
                $"{path}: the trial's result can't be read ({e.Message}); give the study's own folder, or start another study.", e);
        }
    }
}
