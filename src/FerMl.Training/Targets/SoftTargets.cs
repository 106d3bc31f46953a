using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>
/// The target probabilities of each face: its label, optionally blended with people's votes and with the scores of teachers.
/// </summary>
internal static class SoftTargets
{
    /// <param name="data">The rows, for their votes.</param>
    /// <param name="pixels">Pixel values of all faces, for the teachers.</param>
    /// <param name="labels">Class of each face.</param>
    /// <param name="training">Indices of the training faces: only their labels are used to interpret votes.</param>
    /// <param name="classNames">The labels' names.</param>
    /// <param name="options">The trainer's options.</param>
    /// <returns>Probabilities [faces, classes].</returns>
    /// <exception cref="TrainingException">There are no votes, or the teachers don't fit the labels.</exception>
    public static float[] Make(
        IDataView data, byte[] pixels, int[] labels, int[] training, string[] classNames, EmotionTrainerOptions options)
    {
        var classes = classNames.Length;
        var targets = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
            targets[i * classes + labels[i]] = 1;
        if (options.VotesWeight > 0 && options.VotesMode != VotesMode.Majority)
        {
            var votes = ReadVotes(data, training, options, nameof(options.VotesWeight), options.VotesWeight.Invariant());
            var probabilities = options.VotesMode == VotesMode.Probability ? Distribution(votes, classNames)
                : LabelsFromVotes.Of([.. votes.Select(vote => vote[..EmotionTask.Seven.Emotions.Length])], labels, classes, training);
            Blend(targets, probabilities, classes, options.VotesWeight);
        }
        if (options.TeacherWeight > 0 && options.Teachers.Count > 0)
            Blend(targets, TeacherScores(pixels, labels.Length, classNames, options), classes, options.TeacherWeight);
        return targets;
    }

    /// <summary>Number of classes of the auxiliary head.</summary>
    public static int AuxiliaryClasses(EmotionTrainerOptions options) => options.AuxiliaryHead switch
    {
        AuxiliaryHead.Fer2013 => EmotionTask.Seven.Emotions.Length,
        AuxiliaryHead.FerPlus => EmotionTask.Eight.Emotions.Length,
        _ => 0,
    };

    /// <summary>
    /// Appends the auxiliary head's targets to each face's own, so that together they sum to 1. One softmax over both parts then teaches
    /// each part what a softmax of its own would.
    /// </summary>
    public static float[] WithAuxiliary(float[] targets, IDataView data, int[] training, int classes, EmotionTrainerOptions options)
    {
        var further = AuxiliaryClasses(options);
        if (further == 0)
            return targets;
        var auxiliary = options.AuxiliaryHead == AuxiliaryHead.FerPlus
            ? Distribution(
                ReadVotes(data, training, options, nameof(options.AuxiliaryHead), nameof(AuxiliaryHead.FerPlus)),
                [.. EmotionTask.Eight.Labels]) : OwnLabels(data);
        var faces = targets.Length / classes;
        var all = new float[faces * (classes + further)];
        for (var face = 0; face < faces; face++)
        {
            var own = targets.AsSpan(face * classes, classes);
            var other = auxiliary.AsSpan(face * further, further);
            var row = all.AsSpan(face * (classes + further));
            var sum = System.Numerics.Tensors.TensorPrimitives.Sum<float>(other);
            var share = sum > 0 ? (float)options.AuxiliaryWeight : 0;
            for (var c = 0; c < classes; c++)
                row[c] = (1 - share) * own[c];
            for (var c = 0; c < further && sum > 0; c++)
                row[classes + c] = share * other[c] / sum;
        }
        return all;
    }

    private static float[] OwnLabels(IDataView data)
    {
        const string name = nameof(FaceImage.OwnLabel);
        var column = data.Schema.GetColumnOrNull(name) is { Type: TextDataViewType } found ? found
            : throw new TrainingException(
                $"AuxiliaryHead is Fer2013, but the data has no text column '{name}'; load FER2013 with its votes.");
        var classes = EmotionTask.Seven.Emotions.Length;
        var targets = new List<float>();
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> label = default;
        while (cursor.MoveNext())
        {
            get(ref label);
            var row = new float[classes];
            if (EmotionNames.TryParse(label.ToString(), out var emotion) && (int)emotion < classes)
                row[(int)emotion] = 1;
            targets.AddRange(row);
        }
        return targets.Any(share => share > 0) ? [.. targets]
            : throw new TrainingException($"AuxiliaryHead is Fer2013, but no face has a label in column '{name}'.");
    }

    /// <summary>Blends in rows, scaled to sum to 1; rows of zeros leave the targets unchanged.</summary>
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

    /// <summary>
    /// Votes of each face for the labels, without single votes; rows of zeros if none remain. <see cref="Blend"/> makes them sum to 1.
    /// </summary>
    private static float[] Distribution(List<float[]> votes, string[] classNames)
    {
        var columns = Array.ConvertAll(classNames, label => EmotionNames.TryParse(label, out var emotion)
            && EmotionTask.Eight.IndexOf(emotion) is >= 0 and var column ? column
            : throw new TrainingException(
                $"VotesMode is Probability, but FER+ has no votes for '{label}'; its emotions are "
                    + $"{string.Join(", ", EmotionTask.Eight.Labels)}."));
        var distribution = new float[votes.Count * classNames.Length];
        for (var face = 0; face < votes.Count; face++)
            for (var c = 0; c < columns.Length; c++)
                if (columns[c] < votes[face].Length && votes[face][columns[c]] > 1)
                    distribution[face * columns.Length + c] = votes[face][columns[c]];
        return distribution;
    }

    /// <param name="data">The rows.</param>
    /// <param name="training">Indices of the training faces.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="option">The option that requires votes.</param>
    /// <param name="value">Its value.</param>
    private static List<float[]> ReadVotes(
        IDataView data, int[] training, EmotionTrainerOptions options, string option, string value)
    {
        var name = options.VotesColumnName;
        var emotions = EmotionTask.Eight.Emotions;
        var found = data.Schema.GetColumnOrNull(name);
        if (found is not { Type: VectorDataViewType { Size: var size } }
            || (size != emotions.Length && size != EmotionTask.Seven.Emotions.Length))
            throw new TrainingException(
                $"{option} is {value}, but the data has no column '{name}' with {emotions.Length} votes per face; load FER+ with the data "
                    + $"set, or leave {option} out.");
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
                        + $"expected 0 or more.");
            votes.Add([.. row.DenseValues()]);
        }
        return training.Any(face => votes[face].Any(vote => vote > 0)) ? votes
            : throw new TrainingException(
                $"{option} is {value}, but all votes in column '{name}' are 0; load the data set with FerLoadOptions.VotesPath, or leave "
                    + $"{option} out.");
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
