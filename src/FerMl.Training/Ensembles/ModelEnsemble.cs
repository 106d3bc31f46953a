using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>Combines several trained models into one: a single network that averages their scores, in an ordinary model file.</summary>
public static class ModelEnsemble
{
    /// <summary>Merges models and saves the result.</summary>
    /// <param name="members">Two or more models with the same labels in the same order; each keeps its own test-time augmentation and
    /// temperature.</param>
    /// <param name="path">The model file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <returns>The card of the ensemble, including its members' cards.</returns>
    /// <exception cref="ArgumentException">There are fewer than two models, or their labels differ.</exception>
    /// <exception cref="EmotionModelException">The networks can't be merged.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    /// <example>
    /// <code>
    /// EmotionModel[] members = [
    ///     EmotionModel.LoadPretrained(PretrainedModel.FerPlus), EmotionModel.LoadPretrained(PretrainedModel.FerPlusFast)];
    /// ModelEnsemble.Save(members, "ensemble.zip");
    /// </code>
    /// </example>
    public static ModelCard Save(IReadOnlyList<EmotionModel> members, string path, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count < 2)
            throw new ArgumentException($"An ensemble has two or more members; {members.Count} given.", nameof(members));
        var labels = members[0].Labels;
        if (members.FirstOrDefault(member => !member.Labels.SequenceEqual(labels)) is { } other)
            throw new ArgumentException(
                $"{other.Name} scores {string.Join(", ", other.Labels)}, but {members[0].Name} scores {string.Join(", ", labels)}; the "
                    + $"members of an ensemble have the same labels in the same order.", nameof(members));

        foreach (var member in members)
            member.RequireSingleFaces();
        AtomicFile.CheckFree(path, overwrite);
        var onnx = Merge(members, labels);
        var card = Card(members, labels);
        ModelFile.Save(ModelFile.Scoring(onnx, labels), card, path, overwrite);
        return card;
    }

    private static byte[] Merge(IReadOnlyList<EmotionModel> members, IReadOnlyList<string> labels)
    {
        var names = string.Join(", ", members.Select(member => member.Name));
        try
        {
            var onnx = OnnxEnsemble.Merge([.. members.Select(member => member.Onnx)], labels);
            // Opening the network now reports errors here, not when the file is used.
            EmotionNetwork.Open(onnx, $"the ensemble of {names}").Dispose();
            return onnx;
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException($"{names}: their networks can't be merged: {e.Message}.", e);
        }
    }

    private static ModelCard Card(IReadOnlyList<EmotionModel> members, IReadOnlyList<string> labels)
    {
        var cards = members.Select(member => member.CardOrDefault).ToArray();
        return new ModelCard
        {
            Created = DateTimeOffset.UtcNow,
            Task = cards[0].Task,
            Labels = labels,
            Network = $"ensemble of {members.Count}",
            Parameters = cards.Sum(card => card.Parameters),
            MultiplyAdds = cards.Sum(card => card.MultiplyAdds),
            Members = cards,
            Quantization = cards.Select(card => card.Quantization).FirstOrDefault(quantization => quantization is not null),
            Versions = new Dictionary<string, string> { ["ferml"] = ThisAssembly.Version, ["runtime"] = Environment.Version.ToString() },
        };
    }
}
