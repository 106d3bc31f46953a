using Microsoft.ML.Data;

namespace FerMl;

/// <summary>Classifies faces. <see cref="EmotionPredictor"/> implements it; tests can use a fake.</summary>
public interface IEmotionPredictor
{
    /// <summary>The labels in the order of the scores.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <inheritdoc cref="EmotionPredictor.Predict(string)"/>
    EmotionPrediction Predict(string path);

    /// <inheritdoc cref="EmotionPredictor.Predict(Stream, string)"/>
    EmotionPrediction Predict(Stream encoded, string name = "image");

    /// <inheritdoc cref="EmotionPredictor.Predict(MLImage)"/>
    EmotionPrediction Predict(MLImage image);

    /// <inheritdoc cref="EmotionPredictor.Predict(ReadOnlySpan{byte}, int, int)"/>
    EmotionPrediction Predict(ReadOnlySpan<byte> gray, int width, int height);

    /// <inheritdoc cref="EmotionPredictor.Predict(IReadOnlyList{string})"/>
    IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<string> paths);

    /// <inheritdoc cref="EmotionPredictor.Predict(IReadOnlyList{Stream})"/>
    IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<Stream> encoded);

    /// <inheritdoc cref="EmotionPredictor.Predict(IReadOnlyList{GrayImage})"/>
    IReadOnlyList<EmotionPrediction> Predict(IReadOnlyList<GrayImage> images);

    /// <inheritdoc cref="EmotionPredictor.PredictAsync(string, CancellationToken)"/>
    Task<EmotionPrediction> PredictAsync(string path, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="EmotionPredictor.PredictAsync(Stream, string, CancellationToken)"/>
    Task<EmotionPrediction> PredictAsync(Stream encoded, string name = "image", CancellationToken cancellationToken = default);
}
