using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>
/// The probabilities that each face's scores are trained towards: its label, blended on request with what people's votes say of it and with
/// what teachers say.
/// </summary>
internal static class SoftTargets
{
    /// <param name="data">The rows, for their votes.</param>
    /// <param name="pixels">Gray levels of all faces, for the teachers.</param>
    /// <param name="labels">Class of each face.</param>
    /// <param name="training">Positions of the faces that are trained on: only of these the labels tell what votes mean.</param>
    /// <param name="classNames">The labels' names.</param>
    /// <param name="options">The trainer's options.</param>
    /// <returns>[faces, classes] probabilities.</returns>
    /// <exception cref="TrainingException">There are no votes, or the teachers don't fit the labels.</exception>
    public static float[] Make(
        IDataView data, byte[] pixels, int[] labels, int[] training, string[] classNames, EmotionTrainerOptions options)
    {
        var classes = classNames.Length;
        var targets = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
            targets[i * classes + labels[i]] = 1;
        if (options.VotesWeight > 0)
            Blend(targets, LabelsFromVotes.Of(ReadVotes(data, training, options), labels, classes, training), classes, options.VotesWeight);
        if (options.TeacherWeight > 0 && options.Teachers.Count > 0)
            Blend(targets, TeacherScores(pixels, labels.Length, classNames, options), classes, options.TeacherWeight);
        return targets;
    }

    /// <summary>Blends in rows that sum to 1; rows of zeros leave theirs as it is.</summary>
    private static void Blend(float[] targets, float[] other, int classes, double weight)
    {
        for (var first = 0; first < targets.Length; first += classes)
        {
            var row = other.AsSpan(first, classes);
            var sum = System.Numerics.Tensors.TensorPrimitives.Sum<float>(row);
            if (sum <= 0)
                continue;
            for (var c = 0; c < classes; c++)
                targets[first + c] = (float)((1 - weight) * targets[first + c] + weight * row[c] / sum);
        }
    }

    private static List<float[]> ReadVotes(IDataView data, int[] training, EmotionTrainerOptions options)
    {
        var name = options.VotesColumnName;
        var emotions = EmotionTask.Seven.Emotions;
        var found = data.Schema.GetColumnOrNull(name);
        if (found is not { Type: VectorDataViewType { Size: var size } } || size != emotions.Length)
            throw new TrainingException(
                $"VotesWeight is {options.VotesWeight.Invariant()}, but the data has no column '{name}' with {emotions.Length} votes a "
                    + $"face; load FER+ with the data set, or set VotesWeight to 0.");
        var column = found.Value;
        var votes = new List<float[]>();
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            get(ref row);
            if (row.Items().FirstOrDefault(vote => vote.Value is not (>= 0 and < float.PositiveInfinity)) is { Value: not 0 } wrong)
                throw new TrainingException(
                    $"Column '{name}', row {votes.Count}: the votes for {emotions[wrong.Key].ToLabel()} are {wrong.Value.Invariant()}; "
                        + $"expected a number from 0 up.");
            votes.Add([.. row.DenseValues()]);
        }
        return training.Any(face => votes[face].Any(vote => vote > 0)) ? votes
            : throw new TrainingException(
                $"VotesWeight is {options.VotesWeight.Invariant()}, but all votes in column '{name}' are 0; load FER+ with the data set "
                    + $"(--votes), or set VotesWeight to 0.");
    }

    private static float[] TeacherScores(byte[] pixels, int count, string[] classNames, EmotionTrainerOptions options)
    {
        var classes = classNames.Length;
        var mean = new float[count * classes];
        GrayImage[] faces = [
            .. Enumerable.Range(0, count)
            .Select(face => new GrayImage(
                pixels.AsMemory(face * FaceResampler.PixelCount, FaceResampler.PixelCount), FaceResampler.Side, FaceResampler.Side))];
        foreach (var teacher in options.Teachers)
        {
            var places = Array.ConvertAll(classNames, label => teacher.Labels.ToList().IndexOf(label) is var place and >= 0 ? place
                : throw new TrainingException(
                    $"The teacher {teacher.Name} has no score for '{label}'; it scores {string.Join(", ", teacher.Labels)}."));
            options.Execution.CancellationToken.ThrowIfCancellationRequested();
            using var predictor = teacher.CreatePredictor();
            var predictions = predictor.Predict(faces);
            for (var face = 0; face < count; face++)
                for (var c = 0; c < classes; c++)
                    mean[face * classes + c] += predictions[face].Scores[places[c]].Score / options.Teachers.Count;
        }
        return mean;
    }
}
