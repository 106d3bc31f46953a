using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>
/// The logits of a network as it was exported, half precision and views included, computed by the runtime that will run it: a copy of the
/// graph that also gives out what goes into each softmax.
/// </summary>
internal static class OnnxLogits
{
    /// <summary>Logits over the temperatures that the network has: at 1 their scores are the network's.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="faces">The faces, 2,304 pixel values each.</param>
    /// <param name="classes">Number of labels.</param>
    /// <exception cref="InvalidDataException">The network has no softmax, or not one that FerMl writes.</exception>
    public static IReadOnlyList<WeightedLogits> Of(ReadOnlyMemory<byte> onnx, IReadOnlyList<byte[]> faces, int classes)
    {
        var model = OnnxFile.Parse(onnx);
        var places = OnnxTemperature.Find(model.Graph);
        using var probe = new OnnxProbe(model, places.Select(place => place.Node.Input[0]));
        var views = new List<float[]>[places.Count];
        foreach (var (number, batch) in faces.Chunk(OnnxProbe.BatchSize).Index())
            Append(probe, batch, classes, number * OnnxProbe.BatchSize, faces.Count, views);
        return [.. views.SelectMany(ofPlace => ofPlace.Select(logits => new WeightedLogits(logits, 1.0 / places.Count / ofPlace.Count)))];
    }

    private static void Append(
        OnnxProbe probe, byte[][] faces, int classes, int first, int total, List<float[]>[] views)
    {
        using var outputs = probe.Run(faces);
        for (var place = 0; place < views.Length; place++)
        {
            // The views of all faces stand one after the other: [views * faces, classes].
            var values = outputs[place].GetTensorDataAsSpan<float>();
            var length = faces.Length * classes;
            if (values.Length == 0 || values.Length % length != 0)
                throw new InvalidDataException($"it gives {values.Length} logits for {faces.Length.Counted("face")} and {classes} labels");
            views[place] ??= [.. Enumerable.Range(0, values.Length / length).Select(_ => new float[total * classes])];
            for (var view = 0; view < views[place].Count; view++)
                values.Slice(view * length, length).CopyTo(views[place][view].AsSpan(first * classes));
        }
    }
}
