using System.Text.Json;
using FerMl;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

// Opens a model file without FerMl.Training, and prints the label and scores of an image as JSON.
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
