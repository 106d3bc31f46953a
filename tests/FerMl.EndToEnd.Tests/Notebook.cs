using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerMl.EndToEnd.Tests;

/// <summary>A Jupyter notebook file.</summary>
internal sealed class Notebook(string path)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    public IReadOnlyList<JsonObject> Cells => [.. _root["cells"]!.AsArray().Select(cell => cell!.AsObject())];

    public string Language => _root["metadata"]!["kernelspec"]!["name"]!.GetValue<string>();

    public static bool IsCode(JsonObject cell) => cell["cell_type"]!.GetValue<string>() == "code";

    public static string SourceOf(JsonObject cell) => string.Concat(cell["source"]!.AsArray().Select(line => line!.GetValue<string>()));

    /// <summary>The kinds of a cell's outputs: stream, or the MIME types of a result.</summary>
    public static string[] KindsOf(IEnumerable<JsonNode?> outputs) =>
        [.. outputs.Select(output => output!["data"] is JsonObject data ? string.Join('+', data.Select(entry => entry.Key).Order())
            : output["output_type"]!.GetValue<string>())];

    /// <summary>Hash of the code that made the saved outputs.</summary>
    public string? CodeOfOutputs => _root["metadata"]!["ferml"]?["code"]?.GetValue<string>();

    /// <summary>Hash of the current code.</summary>
    public string Code =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Cells.Where(IsCode).Select(SourceOf)))));

    public void Save(IReadOnlyList<JsonArray> outputs)
    {
        var cells = Cells.Where(IsCode).ToArray();
        for (var i = 0; i < cells.Length; i++)
            (cells[i]["execution_count"], cells[i]["outputs"]) = (i + 1, outputs[i].DeepClone());
        _root["metadata"]!["ferml"] = new JsonObject { ["code"] = Code };
        File.WriteAllText(path, _root.ToJsonString(Format) + "\n");
    }
}
