using System.Text;

namespace FerMl.Cli.Commands;

/// <summary>
/// A model in the layout of inference servers: a folder with the network under a version number, its configuration and its labels
/// (NVIDIA Triton, "Model Repository" and "Model Configuration"; KServe's Triton runtime reads the same).
/// </summary>
internal static class ModelRepository
{
    private const int MaxFaces = 64;

    /// <summary>The files of a model repository.</summary>
    /// <param name="folder">The repository's folder.</param>
    /// <param name="name">The model's name; characters other than ASCII letters, digits, points and hyphens become underscores.</param>
    /// <param name="model">The model.</param>
    /// <param name="onnx">Its network in ONNX format.</param>
    public static IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> Files(
        string folder, string name, EmotionModel model, ReadOnlyMemory<byte> onnx)
    {
        name = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
        // Pixel values are 0 to 255. The server adds the batch dimension.
        var configuration = FormattableString.Invariant($$"""
            name: "{{name}}"
            backend: "onnxruntime"
            max_batch_size: {{MaxFaces}}
            input [
              { name: "Pixels", data_type: TYPE_FP32, dims: [ 1, {{FaceResampler.Side}}, {{FaceResampler.Side}} ] }
            ]
            output [
              { name: "Score", data_type: TYPE_FP32, dims: [ {{model.Labels.Count}} ], label_filename: "labels.txt" }
            ]
            dynamic_batching { max_queue_delay_microseconds: 2000 }

            """);
        var place = Path.Combine(folder, name);
        return
        [
            (Path.Combine(place, "1", "model.onnx"), onnx), (Path.Combine(place, "config.pbtxt"), Text(configuration)),
            (Path.Combine(place, "labels.txt"), Text(string.Join('\n', model.Labels) + "\n")),
        ];
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
}
