using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
using FerMl.Onnx;
using FerMl.Tests;
using Google.Protobuf;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class CnnFaceDetectorTests : VisionTests
{
    private CnnFaceDetector _detector = null!;

    [OneTimeSetUp]
    public void Open() => _detector = new CnnFaceDetector();

    [OneTimeTearDown]
    public void Close() => _detector.Dispose();

    [Test]
    public void Detect_InARealPhoto_FindsItsOneFace()
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        var found = _detector.Detect(gray);
        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(FaceTracker.Overlap(found[0].Box, new Rect(172, 66, 100, 100)), Is.GreaterThan(0.6));
        Assert.That(found[0].Score, Is.InRange(0.5f, 1f));
    }

    [TestCase(0)]
    [TestCase(25)]
    [TestCase(-45)]
    public void Detect_OfAHeadThatLeans_SaysHowFar(int degrees)
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        // Rotates about the face's center; OpenCV's angles have the opposite sign.
        using var turn = Cv2.GetRotationMatrix2D(new Point2f(222, 116), -degrees, 1);
        using var turned = new Mat();
        Cv2.WarpAffine(gray, turned, turn, gray.Size(), InterpolationFlags.Linear, BorderTypes.Reflect101);
        var face = _detector.Detect(turned).Where(face => FaceTracker.Overlap(face.Box, new Rect(172, 66, 100, 100)) > 0.4).ToArray();
        Assert.That(face, Has.Length.EqualTo(1));
        Assert.That(face[0].Roll, Is.EqualTo(degrees).Within(20));
    }

    [TestCase(1.0)]
    [TestCase(0.5)]
    [TestCase(0.25)]
    public void Detect_OfAFaceOfAnySize_FindsIt(double scale)
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var resized = gray.Resize(new Size(), scale, scale, InterpolationFlags.Area);
        var place = new Rect((int)(172 * scale), (int)(66 * scale), (int)(100 * scale), (int)(100 * scale));
        Assert.That(_detector.Detect(resized).Count(face => FaceTracker.Overlap(face.Box, place) > 0.4), Is.EqualTo(1));
    }

    [TestCase(RotateFlags.Rotate90Clockwise, 90)]
    [TestCase(RotateFlags.Rotate90Counterclockwise, -90)]
    [TestCase(RotateFlags.Rotate180, 180)]
    public void Detect_InAPhotoThatLiesOnItsSide_FindsItsFaceAndSaysHowItLies(RotateFlags rotation, int roll)
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        var upright = _detector.Detect(gray).Single();
        using var rotated = new Mat();
        Cv2.Rotate(gray, rotated, rotation);
        using var asked = new CnnFaceDetector(new CnnDetectorOptions { AnyRoll = true });
        foreach (var detector in (CnnFaceDetector[])[_detector, asked])
        {
            var face = detector.Detect(rotated).Single(face => face.Score > 0.9);
            Assert.That(Math.Abs(MathF.IEEERemainder(face.Roll - upright.Roll - roll, 360)), Is.LessThan(5));
            // The crop has the same 48x48 pixels as that of the upright photo.
            Assert.That(Difference(Cropped(gray, upright), Cropped(rotated, face)), Is.LessThan(6));
        }
        using var video = new CnnFaceDetector(CnnDetectorOptions.ForVideo);
        Assert.That(video.Detect(rotated).Count(face => face.Score > 0.9), Is.Zero, "in video only on request");

        byte[] Cropped(Mat image, FoundFace found)
        {
            var face = new byte[FaceResampler.PixelCount];
            (_detector.Framing with { UprightFrom = 0 }).Crop(image, found.Box, face, found.Roll);
            return face;
        }

        static double Difference(byte[] one, byte[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Average();
    }

    [Test]
    public void PictureOrientation_Back_IsWhereAFaceIsInThePicture()
    {
        foreach (var way in PictureOrientation.Rotated.Prepend(PictureOrientation.Mirrored))
        {
            using var picture = new Mat(60, 100, MatType.CV_8UC1, new Scalar(0));
            var square = new Rect(70, 12, 10, 10);
            using (var place = picture.SubMat(square))
                place.SetTo(new Scalar(255));
            using var other = way.Apply(picture.ToGrayImage()).ToMat();
            using var points = new Mat();
            Cv2.FindNonZero(other, points);
            Assert.That(way.Back(new FoundFace(Cv2.BoundingRect(points)), picture.Size()).Box, Is.EqualTo(square));
        }
    }

    [TestCase(0.25)]
    [TestCase(0.1)]
    public void Detect_InLittleLight_FindsTheFaceAllTheSame(double light)
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var dark = new Mat();
        gray.ConvertTo(dark, -1, light);
        var (bright, found) = (_detector.Detect(gray).Single(), _detector.Detect(dark).Single());
        Assert.That(FaceTracker.Overlap(found.Box, bright.Box), Is.GreaterThan(0.8));
        Assert.That(found.Score, Is.GreaterThan(0.8f));
    }

    [Test]
    public void Detect_OfAFaceThatIsKnown_KeepsItsScore()
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        var face = _detector.Detect(gray).Single();
        Assert.That(_detector.Detect(gray.ToGrayImage(), [face with { Score = 0.91f }]), Is.EqualTo(new[] { face with { Score = 0.91f } }));
        Assert.That(_detector.Detect(gray.ToGrayImage(), [new FoundFace(new Rect(0, 0, 50, 50), 0.91f)]), Is.EqualTo(new[] { face }),
            "a known face elsewhere has no effect");
    }

    [Test]
    public void Framing_IsWhatTheOptionsSay()
    {
        var crop = new FaceCrop { Scale = 1.3 };
        using var own = new CnnFaceDetector(new CnnDetectorOptions { Crop = crop });
        using var haar = new HaarFaceDetector(new HaarOptions { Crop = crop });
        Assert.That((own.Framing, haar.Framing), Is.EqualTo((crop, crop)));
        Assert.That(_detector.Framing.Scale, Is.EqualTo(0.95));
    }

    [Test]
    public void Detect_InAnImageThatIsLookedAtInParts_FindsAFaceOnce()
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var large = new Mat(1_900, 2_300, MatType.CV_8UC1, new Scalar(100));
        // Places the face across the border between two parts.
        using (var place = large.SubMat(new Rect(1_024 - 222, 1_024 - 116, gray.Width, gray.Height)))
            gray.CopyTo(place);
        using var detector = new CnnFaceDetector(new CnnDetectorOptions { MinFace = 10 });
        Assert.That(detector.Detect(large).Count(face => FaceTracker.Overlap(face.Box, new Rect(974, 974, 100, 100)) > 0.4), Is.EqualTo(1));
    }

    [Test]
    public void Detect_WhereThereIsNoFace_FindsNone()
    {
        using var even = new Mat(480, 640, MatType.CV_8UC1, new Scalar(128));
        using var tiny = new Mat(1, 1, MatType.CV_8UC1, new Scalar(0));
        using var line = new Mat(1, 4_000, MatType.CV_8UC1, new Scalar(0));
        foreach (var image in new[] { even, tiny, line })
            Assert.That(_detector.Detect(image), Is.Empty);
        using var empty = new Mat();
        Assert.That(() => _detector.Detect(empty), Throws.TypeOf<VisionException>());
    }

    [Test]
    public void Detect_InNoise_EndsSoonAndFindsLittle()
    {
        using var noise = new Mat(700, 900, MatType.CV_8UC1);
        Cv2.Randu(noise, new Scalar(0), new Scalar(256));
        Assert.That(_detector.Detect(noise), Has.Count.LessThan(5));
    }

    [Test]
    public void Detect_ByALargerSmallestFaceOrAHigherScore_LeavesOthersOut()
    {
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var large = new CnnFaceDetector(new CnnDetectorOptions { MinFace = 480 });
        Assert.That(large.Detect(gray), Is.Empty);
        var score = _detector.Detect(gray).Single().Score;
        using var sure = new CnnFaceDetector(new CnnDetectorOptions { MinScore = Math.Min(0.95, score - 0.01) });
        Assert.That(sure.Detect(gray), Has.Count.EqualTo(1));
    }

    [Test]
    public void MinFaceIn_IsAShareOfTheLongerSideOrWhatWasSaid()
    {
        Assert.That(new CnnDetectorOptions().MinFaceIn(1_280, 960), Is.EqualTo(16));
        Assert.That(new CnnDetectorOptions().MinFaceIn(4_000, 6_000), Is.EqualTo(75));
        Assert.That(new CnnDetectorOptions().MinFaceIn(200, 100), Is.EqualTo(16));
        Assert.That(CnnDetectorOptions.ForVideo.MinFaceIn(640, 480), Is.EqualTo(40));
        Assert.That(new CnnDetectorOptions { MinFace = 12 }.MinFaceIn(4_000, 4_000), Is.EqualTo(12));
    }

    [Test]
    public void Options_HaveTheirDocumentedDefaultsAndRanges()
    {
        CnnDetectorOptions usual = new();
        Assert.That(usual, Is.EqualTo(new CnnDetectorOptions { MinFace = null, MinFaceShare = 1.0 / 80, MinScore = 0.5, Model = null }));
        foreach (var wrong in new[] { usual with { MinFace = 9 }, usual with { MinFace = 4_001 }, usual with { MinFaceShare = 0.004 },
            usual with { MinFaceShare = 1.1 }, usual with { MinScore = 0.04 }, usual with { MinScore = 0.96 } })
        {
            Assert.That(() => new CnnFaceDetector(wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
            Assert.That(() => new YuNetFaceDetector(wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
        }
    }

    [Test]
    public void New_WithAFileThatIsNoDetector_SaysSo()
    {
        var (file, name) = DetectorFile.Open(null);
        Assert.That(name, Is.EqualTo("face-detector.zip"));
        var (bare, swapped, much) = (Folder.Path("bare.zip"), Folder.Path("swapped.zip"), Folder.Path("much.zip"));
        using (var zip = ZipFile.Open(bare, ZipArchiveMode.Create))
            zip.CreateEntry("card.json");
        new DetectorFile(new DetectorNetworks(file.Trained.Verification!, file.Trained.Proposals), file.Card)
            .Save(swapped, overwrite: false);
        using (var zip = ZipFile.Open(much, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("card.json").Open())
            entry.Write(new byte[1 << 20]);
        foreach (var (path, why) in ((string, string)[])[
            (Folder.Path("nowhere.zip"), "no such file"), (Folder.Write("text.zip", "no archive"), "not a face detector"),
                (bare, "not a face detector"),
            (swapped, "can't be run"), (much, "larger than"), (Folder.Root, "no such file")])
            Assert.That(() => new CnnFaceDetector(new CnnDetectorOptions { Model = path }),
                Throws.TypeOf<VisionException>().With.Message.StartsWith(path).And.Message.Contains(why), path);
    }

    [Test]
    public void New_OfAFileWithoutInt8Networks_ComputesInFloat32()
    {
        var (file, path) = (DetectorFile.Open(null).File with { Int8 = null }, Folder.Path("float32.zip"));
        file.Save(path, overwrite: false);
        Assert.That(DetectorFile.Open(path).File.Int8, Is.Null);
        using var photo = Photo.Read(Repository.Data("astronaut.png"));
        using var gray = GrayOf(photo);
        using var detector = new CnnFaceDetector(new CnnDetectorOptions { Model = path });
        var (float32, int8) = (detector.Detect(gray).Single(), _detector.Detect(gray).Single());
        Assert.That(FaceTracker.Overlap(float32.Box, int8.Box), Is.GreaterThan(0.8));
        Assert.That(float32.Score, Is.Not.EqualTo(int8.Score));
    }

    [TestCase("int8/proposals.onnx")]
    [TestCase("int8/verification.onnx")]
    public void New_OfAFileThatLacksAnInt8Network_SaysSo(string lacking)
    {
        var path = Folder.Path("incomplete.zip");
        DetectorFile.Open(null).File.Save(path, overwrite: false);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
            zip.GetEntry(lacking)!.Delete();
        Assert.That(() => new CnnFaceDetector(new CnnDetectorOptions { Model = path }),
            Throws.TypeOf<VisionException>().With.Message.Contains($"it has no {lacking}"));
    }

    [Test]
    public void New_OfNetworksThatGiveNoNumbers_IsAnError([Values] bool ofProposals, [Values] bool isInt8)
    {
        var whole = DetectorFile.Open(null).File;
        var networks = isInt8 ? whole.Int8! : whole.Trained;
        var model = ModelProto.Parser.ParseFrom(ofProposals ? networks.Proposals : networks.Verification);
        // The factor of the float32 network's pixels; the scale of an int8 network's last activations.
        var number = isInt8 ? model.Graph.Node.Last(node => node.OpType == "DequantizeLinear" && node.Input.Count == 3).Input[1]
            : model.Graph.Node.First(node => node.OpType == "Mul").Input[1];
        model.Graph.Initializer.Single(weights => weights.Name == number).RawData =
            ByteString.CopyFrom(BitConverter.GetBytes(float.NaN));
        var path = Folder.Path("wild.zip");
        var changed = model.ToByteArray();
        networks = ofProposals ? networks with { Proposals = changed } : networks with { Verification = changed };
        (isInt8 ? whole with { Int8 = networks } : whole with { Trained = networks, Int8 = null }).Save(path, false);
        Assert.That(() => new CnnFaceDetector(new CnnDetectorOptions { Model = path }),
            Throws.TypeOf<VisionException>().With.Message.Contains("returns NaN or infinity"));
    }

    [Test]
    public void YuNet_WithoutItsFile_SaysWhatItIs()
    {
        foreach (var options in new[] { new CnnDetectorOptions(), new CnnDetectorOptions { Model = Folder.Path("nowhere.onnx") },
            new CnnDetectorOptions { Model = Folder.Write("text.onnx", "nothing") } })
            Assert.That(() => new YuNetFaceDetector(options),
                Throws.TypeOf<VisionException>().With.Message.Contains("face_detection_yunet"));
    }
}
