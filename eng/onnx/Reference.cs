#:project ../../src/FerMl.Vision
#:property PublishAot=false
#:property UseCurrentRuntimeIdentifier=true
// FerMl's internals are open to this name.
#:property AssemblyName=FerMl.EndToEnd.Tests
// For eng/test-onnx.sh: draws faces, and says what FerMl's networks give for them.
//   Reference faces <folder> <count>                       raw 48x48 gray pixels, one file a face
//   Reference network <onnx> <input> <output> <faces> <batch> <height> <width>
//                                                          what a network gives as JSON; its input is made of the faces, row by row
using FerMl;
using Microsoft.ML.OnnxRuntime;

switch (args)
{
    case ["faces", var folder, var count]:
        Directory.CreateDirectory(folder);
        var faces = SyntheticFaces.Create(seed: 1);
        for (var i = 0; i < int.Parse(count); i++)
            File.WriteAllBytes(Path.Combine(folder, $"{i:000}.gray"), faces[i].Pixels.ToArray());
        break;
    case ["network", var onnx, var input, var output, var folder, var batch, var height, var width]:
        var shape = new[] { long.Parse(batch), 1, long.Parse(height), long.Parse(width) };
        var bytes = Directory.GetFiles(folder, "*.gray").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray();
        var pixels = new float[shape.Aggregate((a, b) => a * b)];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = bytes[i % bytes.Length];
        using (var session = OnnxSession.Open(OnnxContent.Checked(File.ReadAllBytes(onnx), onnx)))
        using (var value = OrtValue.CreateTensorValueFromMemory(pixels, shape))
        using (var run = new RunOptions())
        using (var answers = session.Run(run, [input], [value], [output]))
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(answers[0].GetTensorDataAsSpan<float>().ToArray()));
        break;
    default:
        Console.Error.WriteLine("usage: see the first lines of Reference.cs");
        return 2;
}
return 0;
