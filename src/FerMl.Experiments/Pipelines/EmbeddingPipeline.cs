using System.Text.Json.Nodes;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>A classifier on the embeddings of a trained model.</summary>
internal abstract class EmbeddingPipeline(
    string kind, string model, string description, SearchSpace space, params (string Name, string Value)[] first)
    : EmotionPipeline($"{kind}({model})", description, space, first)
{
    internal override FittedPipeline Fit(
        PipelineData data, int[] training, Configuration values, int seed, bool isFinal, CancellationToken cancellationToken)
    {
        var embeddings = data.Embeddings(model);
        cancellationToken.ThrowIfCancellationRequested();
        float[][] rows = [.. training.Select(face => embeddings[face])];
        int[] truth = [.. training.Select(face => data.Labels[face])];
        var classifier = Classifier(data.Model(model), rows, truth, data.Task.Labels, values, seed);
        return new Fitted(data, model, classifier, Name, values);
    }

    /// <summary>Fits the classifier.</summary>
    /// <param name="model">The model that computes the embeddings.</param>
    /// <param name="embeddings">The embeddings.</param>
    /// <param name="truth">The label of each.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="values">The values of the options.</param>
    /// <param name="seed">The random seed.</param>
    internal EmbeddingClassifier Classifier(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, Configuration values, int seed) =>
        Fit(model, embeddings, truth, labels, new OptionValues(values), seed);

    protected abstract EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed);

    private sealed class Fitted(PipelineData data, string model, EmbeddingClassifier classifier, string name, Configuration values)
        : FittedPipeline
    {
        public override long Parameters => classifier.Parameters;

        public override IReadOnlyList<float[]> Logits(IReadOnlyList<int> faces)
        {
            var embeddings = data.Embeddings(model);
            return [.. faces.Select(face => classifier.Logits(embeddings[face]))];
        }

        public override void Save(ModelCalibration calibration, ModelData from, string path)
        {
            var body = data.Model(model);
            var before = body.CardOrDefault;
            string[] labels = [.. data.Task.Labels];
            var onnx = EmbeddingModel.Network(body, classifier, labels, calibration.Temperature);
            var options = new JsonObject { ["pipeline"] = name };
            foreach (var (key, value) in values.Values)
                options[key] = value;
            var card = new ModelCard
            {
                Created = DateTimeOffset.UtcNow,
                Task = EmotionTrainer.TaskName(labels),
                Labels = labels,
                Network = $"{before.Network}, {name}",
                Layers = before.Layers,
                Parameters = classifier.Parameters,
                MultiplyAdds = before.MultiplyAdds,
                TestTimeAugmentation = before.TestTimeAugmentation,
                Quantization = before.Quantization,
                Calibration = calibration,
                InitializedFrom = Path.GetFileNameWithoutExtension(model),
                Options = options,
                Data = from,
                Versions = EmotionTrainer.Versions(),
            };
            ModelFile.Save(ModelFile.Scoring(onnx, labels), card, path, overwrite: true);
        }
    }
}
