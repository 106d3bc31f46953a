using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>
/// The logits of a network as exported, including float16 weights and test-time augmentation, computed by ONNX Runtime. It runs a copy of
/// the graph that also outputs the input of each softmax.
/// </summary>
internal static class OnnxLogits
{
    /// <summary>The logits divided by the network's own temperatures: at temperature 1, their scores are the network's.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="faces">The faces, 2,304 pixel values each.</param>
    /// <param name="classes">Number of labels.</param>
    /// <exception cref="InvalidDataException">The network doesn't output one logit per label.</exception>
    public static IReadOnlyList<WeightedLogits> Of(ClassifierGraph graph, IReadOnlyList<byte[]> faces, int classes)
    {
        var members = graph.Members;
        using var probe = new OnnxProbe(graph.Model, members.Select(member => member.Softmax.Input[0]));
        var views = new List<float[]>[members.Count];
        foreach (var (number, batch) in faces.Chunk(OnnxProbe.BatchSize).Index())
            Append(probe, batch, classes, number * OnnxProbe.BatchSize, faces.Count, views);
        return [.. views.SelectMany(
            ofMember => ofMember.Select(logits => new WeightedLogits(logits, 1.0 / members.Count / ofMember.Count)))];
    }

    private static void Append(
        OnnxProbe probe, byte[][] faces, int classes, int first, int total, List<float[]>[] views)
    {
        using var outputs = probe.Run(PixelBatch.Of(faces));
        for (var member = 0; member < views.Length; member++)
        {
            // The output contains the views one after the other, each with all faces: [views * faces, classes].
            var values = outputs[member].GetTensorDataAsSpan<float>();
            var length = faces.Length * classes;
            if (values.Length == 0 || values.Length % length != 0)
                throw new InvalidDataException($"it gives {values.Length} logits for {faces.Length.Counted("face")} and {classes} labels");
            views[member] ??= [.. Enumerable.Range(0, values.Length / length).Select(_ => new float[total * classes])];
            for (var view = 0; view < views[member].Count; view++)
                values.Slice(view * length, length).CopyTo(views[member][view].AsSpan(first * classes));
        }
    }
}
