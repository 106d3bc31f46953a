using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// Runs cells one after the other as .NET Interactive does: C# scripts that continue each other, results formatted by its own formatters.
/// </summary>
public sealed class NotebookKernel
{
    private static readonly ScriptOptions Options = Scripts.Options.AddImports(
        "System.Text", "System.Collections", "System.Threading.Tasks");

    private ScriptState<object>? _state;

    /// <summary>Runs a cell, and returns its outputs in the notebook file's format.</summary>
    public async Task<JsonArray> Run(string code)
    {
        var before = Console.Out;
        using var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            _state = _state is null ? await CSharpScript.RunAsync<object>(code, Options)
                : await _state.ContinueWithAsync<object>(code, Options);
        }
        finally
        {
            Console.SetOut(before);
        }
        var outputs = new JsonArray();
        if (printed.ToString() is { Length: > 0 } text)
            outputs.Add(new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Lines(text) });
        if (_state.ReturnValue is { } value)
        {
            var type = Formatter.GetPreferredMimeTypesFor(value.GetType()).First();
            outputs.Add(new JsonObject
            {
                ["data"] = new JsonObject { [type] = Lines(value.ToDisplayString(type)) },
                ["metadata"] = new JsonObject(),
                ["output_type"] = "display_data",
            });
        }
        return outputs;
    }

    /// <summary>Text in the notebook file's format: a string per line, including the line end.</summary>
    private static JsonArray Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return [.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line))];
    }
}
