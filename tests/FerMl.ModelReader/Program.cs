using System.Text.Json;
using FerMl;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

// Opens a model file in a process that knows nothing of training, and prints the scores of an image as a JSON array.
var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
using var engine = mlContext.Model.CreatePredictionEngine<Photo, ScoredFace>(model);
using var image = MLImage.CreateFromFile(args[1]);
var scored = engine.Predict(new Photo { Image = image });
Console.WriteLine(JsonSerializer.Serialize(new { scored.PredictedLabel, scored.Score }));

internal sealed class Photo
{
    [ImageType(48, 48)]
    public MLImage? Image { get; set; }
}
