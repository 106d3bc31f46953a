using FerMl.Training;
using OpenCvSharp;

namespace FerMl.Detection;

/// <summary>
/// Composes images with faces of known position, size and roll, from faces without surroundings (FER2013's) and backgrounds without faces.
/// Decoys are processed like faces: crops of backgrounds, parts of faces, and faces upside down or scrambled. So only the face itself
/// reveals a face.
/// </summary>
/// <param name="faces">Faces, 2,304 pixel values each.</param>
/// <param name="backgrounds">Images without faces, or null for generated textures.</param>
internal sealed class SceneComposer(IReadOnlyList<byte[]> faces, Backgrounds? backgrounds)
{
    // Beyond the range of detected sizes on both sides: the network learns not to detect faces that are too small or too large.
    private const double SmallestFace = 7, LargestFace = 150;

    // Limits of the yaw parameter, in units where 1 shifts the face's middle by a quarter of its width. Beyond 1 the far side is hidden.
    private const double HalfTurned = 0.8, Profile = 1.5;

    // A face with a smaller visible share isn't expected to be detected.
    private const double SeenShare = 0.5;

    // Mean share of a square that a mask lets through.
    private const double MaskedShare = 0.75;

    private readonly byte[] _covered = new byte[FaceResampler.PixelCount];
    private readonly byte[] _texture = new byte[FaceResampler.PixelCount];
    private readonly Patch _patch = new(new byte[FaceResampler.PixelCount]);
    private readonly List<double> _areas = [];
    private readonly short[] _owners = new short[Scene.Side * Scene.Side];

    /// <summary>Composes a scene.</summary>
    /// <param name="scene">Receives the scene.</param>
    /// <param name="random">Random numbers for everything but a given background.</param>
    /// <param name="background">A background region to reuse, or null to draw one.</param>
    public void Compose(Scene scene, ref RandomStream random, BackgroundPart? background)
    {
        scene.Faces.Clear();
        _areas.Clear();
        _owners.AsSpan().Clear();
        scene.Background = background ?? backgrounds?.Draw(ref random);
        if (scene.Background is { } part)
            backgrounds!.Render(part, Scene.Side, scene.Pixels);
        else
            DrawTexture(scene.Pixels, Scene.Side, ref random);
        if (random.Below(4) == 0)
            Relight(scene.Pixels, ref random);
        // A hard negative is shown unchanged more often.
        if (random.NextDouble() < (background is null ? 0.85 : 0.5))
            Populate(scene, ref random);
        Photograph(scene, ref random);
        HideCovered(scene);
    }

    private void Populate(Scene scene, ref RandomStream random)
    {
        var isCrowd = random.Below(6) == 0;
        var (count, decoys) = isCrowd ? (8 + random.Below(20), 2 + random.Below(10)) : (1 + random.Below(6), 2 + random.Below(8));
        var crowdSize = SmallestFace * Math.Pow(4, random.NextDouble());
        for (var i = 0; i < count + decoys; i++)
        {
            // In random order, so that faces and decoys may cover each other.
            var isFace = random.Below(count + decoys) < count;
            var size = isCrowd ? crowdSize * random.Between(0.75, 1.33)
                : SmallestFace * Math.Pow(LargestFace / SmallestFace, random.NextDouble());
            if (FindPlace(scene, size, isFace, ref random) is not var (x, y))
                continue;
            if (isFace)
                SetFace(scene, x, y, size, ref random);
            else
                SetDecoy(scene, x, y, size, ref random);
        }
    }

    /// <summary>Finds a position that covers at most a little of another face.</summary>
    private static (double X, double Y)? FindPlace(Scene scene, double size, bool isFace, ref RandomStream random)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            // The edge may cut off up to a third of a face.
            var reach = Scene.Side - size * 0.34;
            var (x, y) = (random.Between(size * 0.17, size * 0.17 + reach), random.Between(size * 0.17, size * 0.17 + reach));
            var nearest = isFace ? 0.75 : 0.6;
            if (scene.Faces.TrueForAll(face => Math.Max(Math.Abs(face.X - x), Math.Abs(face.Y - y)) > nearest * (face.Size + size) / 2))
                return (x, y);
        }
        return null;
    }

    private void SetFace(Scene scene, double x, double y, double size, ref RandomStream random)
    {
        var roll = random.Below(5) switch
        {
            0 or 1 => Gaussian(ref random) * 10,
            2 or 3 => Gaussian(ref random) * 25,
            _ => random.Between(-75, 75),
        };
        var radians = Math.Clamp(roll, -80, 80) * Math.PI / 180;
        Surround(scene.Pixels, x, y, size, radians, ref random);
        _patch.Set(Occluded(faces[random.Below(faces.Count)], ref random));
        // A turned head gets narrower, and its features shift to one side.
        var yaw = random.Below(8) switch
        {
            0 or 1 => 0,
            < 6 => random.Between(-HalfTurned, HalfTurned),
            _ => random.Between(HalfTurned, Profile) * (random.Below(2) == 0 ? 1 : -1),
        };
        var squeeze = random.Between(0.85, 1.1) * (1 - 0.35 * Math.Min(1, Math.Abs(yaw)));
        Paste(scene.Pixels, (short)(scene.Faces.Count + 1), x, y, size, size * squeeze, radians, random.Below(2) == 1,
            new PatchMask(ref random),
            Light.Draw(_patch, ref random), yaw);
        scene.Faces.Add(new SceneFace(x, y, size, radians));
        _areas.Add(MaskedShare * size * size * squeeze * (Math.Abs(yaw) > 1 ? (1 + 1 / Math.Abs(yaw)) / 2 : 1));
        if (random.Below(4) == 0)
            Occlude(scene.Pixels, x, y, size, ref random);
    }

    /// <summary>Returns the face, or for one in four a copy with a mask, a scarf, sunglasses or a hand in front of it.</summary>
    private byte[] Occluded(byte[] face, ref RandomStream random)
    {
        if (random.Below(4) > 0)
            return face;
        face.CopyTo(_covered, 0);
        FaceOcclusion.Draw(_covered, ref random);
        return _covered;
    }

    /// <summary>Pastes arbitrary patches around a head as hair and below it as a body: faces don't occur in isolation.</summary>
    private void Surround(byte[] pixels, double x, double y, double size, double roll, ref RandomStream random)
    {
        var (down, right) = (Math.Cos(roll), -Math.Sin(roll));
        if (random.Below(2) == 0)
        {
            DrawPatch(ref random);
            var (width, height, below) = (size * random.Between(1.7, 3), size * random.Between(1.2, 2), size * random.Between(1, 1.3));
            Paste(pixels, 0, x + right * below, y + down * below, height, width, roll * 0.3, false, new PatchMask(ref random),
                Light.Draw(_patch, ref random));
        }
        if (random.Below(2) == 0)
        {
            DrawPatch(ref random);
            var (width, height, above) = (size * random.Between(1.15, 1.7), size * random.Between(1.15, 1.8),
                size * random.Between(-0.1, 0.25));
            Paste(pixels, 0, x - right * above, y - down * above, height, width, roll, false, new PatchMask(ref random),
                Light.Draw(_patch, ref random));
        }
    }

    /// <summary>Pastes a patch in front of a face, like a hand, a microphone or someone's shoulder.</summary>
    private void Occlude(byte[] pixels, double x, double y, double size, ref RandomStream random)
    {
        DrawPatch(ref random);
        var angle = random.Between(0, 2 * Math.PI);
        var (width, height, away) = (size * random.Between(0.15, 0.8), size * random.Between(0.15, 0.7), size * random.Between(0.3, 0.6));
        Paste(pixels, 0, x + away * Math.Cos(angle), y + away * Math.Sin(angle), height, width, random.Between(-1.5, 1.5), false,
            new PatchMask(ref random), Light.Draw(_patch, ref random));
    }

    /// <summary>Pastes a decoy as faces are pasted.</summary>
    private void SetDecoy(Scene scene, double x, double y, double size, ref RandomStream random)
    {
        var roll = Gaussian(ref random) * 0.4;
        if (random.Below(2) == 0)
            Surround(scene.Pixels, x, y, size, roll, ref random);
        if (random.Below(2) == 0)
        {
            DrawPatch(ref random);
        }
        else
        {
            // Decoys have masks and glasses, too, so that these alone carry no information.
            var face = Occluded(faces[random.Below(faces.Count)], ref random);
            switch (random.Below(3))
            {
                case 0: _patch.Set(face); roll += Math.PI + random.Between(-0.8, 0.8); break;
                case 1: Magnify(face, ref random); break;
                default: Scramble(face, ref random); break;
            }
        }
        Paste(scene.Pixels, 0, x, y, size, size * random.Between(0.7, 1.2), roll, random.Below(2) == 1, new PatchMask(ref random),
            Light.Draw(_patch, ref random));
    }

    /// <summary>Sets the patch to an enlarged part of a face: an eye, a mouth, a cheek.</summary>
    private void Magnify(byte[] face, ref RandomStream random)
    {
        var side = 12 + random.Below(8);
        using var whole = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, face);
        using var part = whole.SubMat(new Rect(random.Below(FaceResampler.Side - side), random.Below(FaceResampler.Side - side), side,
            side));
        using var into = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, _texture);
        Cv2.Resize(part, into, into.Size(), 0, 0, InterpolationFlags.Cubic);
        _patch.Set(_texture);
    }

    /// <summary>Sets the patch to a scrambled face: its upper and lower halves swapped, with or without swapping left and right.</summary>
    private void Scramble(byte[] face, ref RandomStream random)
    {
        const int half = FaceResampler.Side / 2;
        Span<int> order = random.Below(2) == 0 ? [2, 3, 0, 1] : [3, 2, 1, 0];
        for (var y = 0; y < FaceResampler.Side; y++)
            for (var x = 0; x < FaceResampler.Side; x++)
            {
                var from = order[y / half * 2 + x / half];
                _texture[y * FaceResampler.Side + x] = face[(from / 2 * half + y % half) * FaceResampler.Side + from % 2 * half + x % half];
            }
        _patch.Set(_texture);
    }

    private void DrawPatch(ref RandomStream random)
    {
        if (backgrounds is not null && random.Below(5) > 0)
            backgrounds.Render(backgrounds.Draw(ref random), FaceResampler.Side, _texture);
        else
            DrawTexture(_texture, FaceResampler.Side, ref random);
        _patch.Set(_texture);
    }

    /// <summary>Draws a random texture: gradients, waves and noise.</summary>
    private static void DrawTexture(byte[] pixels, int side, ref RandomStream random)
    {
        var (level, slopeX, slopeY) = (random.Between(10, 245), random.Between(-0.6, 0.6), random.Between(-0.6, 0.6));
        var (height, angle, length) = (random.Below(2) * random.Between(5, 70), random.Between(0, Math.PI),
            side * random.Between(0.05, 1.2));
        var (otherHeight, otherAngle, otherLength) = (random.Below(2) * random.Between(5, 50), random.Between(0, Math.PI),
            side * random.Between(0.05, 0.6));
        var grain = random.Below(2) * random.Between(0, 25);
        var (a, b) = (2 * Math.PI * Math.Cos(angle) / length, 2 * Math.PI * Math.Sin(angle) / length);
        var (c, d) = (2 * Math.PI * Math.Cos(otherAngle) / otherLength, 2 * Math.PI * Math.Sin(otherAngle) / otherLength);
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
                pixels[y * side + x] = ToByte(level + slopeX * (x - side / 2) + slopeY * (y - side / 2) + height * Math.Sin(a * x + b * y)
                    + otherHeight * Math.Sin(c * x + d * y) + (grain == 0 ? 0 : grain * random.Between(-1, 1)));
    }

    /// <summary>Changes gamma, contrast and brightness.</summary>
    private static void Relight(byte[] pixels, ref RandomStream random)
    {
        Span<byte> curve = stackalloc byte[256];
        var (gamma, contrast, shift) = (Math.Pow(2, random.Between(-1, 1)), random.Between(0.4, 1.3), random.Between(-30, 30));
        for (var i = 0; i < 256; i++)
            curve[i] = ToByte((255 * Math.Pow(i / 255.0, gamma) - 128) * contrast + 128 + shift);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = curve[pixels[i]];
    }

    /// <summary>Adds lighting, blur, noise and JPEG compression, as of cameras and the web.</summary>
    private static void Photograph(Scene scene, ref RandomStream random)
    {
        if (random.Below(3) == 0)
            Relight(scene.Pixels, ref random);
        using var image = Mat.FromPixelData(Scene.Side, Scene.Side, MatType.CV_8UC1, scene.Pixels);
        if (random.Below(4) == 0)
            Cv2.GaussianBlur(image, image, new Size(0, 0), random.Between(0.3, 1.1));
        if (random.Below(3) == 0)
        {
            var strength = random.Between(2, 14);
            for (var i = 0; i < scene.Pixels.Length; i++)
                scene.Pixels[i] = ToByte(scene.Pixels[i] + strength * (random.Between(-1, 1) + random.Between(-1, 1)));
        }
        if (random.Below(3) == 0)
        {
            Cv2.ImEncode(".jpg", image, out var encoded, new ImageEncodingParam(ImwriteFlags.JpegQuality, 20 + random.Below(70)));
            using var decoded = Cv2.ImDecode(encoded, ImreadModes.Grayscale);
            decoded.CopyTo(image);
        }
    }

    private void Paste(
        byte[] pixels, short owner, double x, double y, double height, double width, double roll, bool isMirrored, PatchMask mask,
            Light light,
        double yaw = 0)
    {
        var (cos, sin) = (Math.Cos(roll), Math.Sin(roll));
        // Half the diagonal of the largest mask.
        var reach = 0.62 * Math.Sqrt(width * width + height * height);
        var level = Patch.LevelFor(1 / Math.Min(width, height));
        var (left, right) = (Math.Max(0, (int)(x - reach)), Math.Min(Scene.Side - 1, (int)(x + reach)));
        for (var row = Math.Max(0, (int)(y - reach)); row <= Math.Min(Scene.Side - 1, (int)(y + reach)); row++)
            for (var column = left; column <= right; column++)
            {
                var (dx, dy) = (column + 0.5 - x, row + 0.5 - y);
                var (u, v) = ((dx * cos + dy * sin) / width, (dy * cos - dx * sin) / height);
                if (Math.Abs(u) > 0.62 || Math.Abs(v) > 0.62)
                    continue;
                var share = mask.At(u, v) * Near(u, yaw);
                if (share <= 0)
                    continue;
                var place = row * Scene.Side + column;
                var across = u + yaw * (0.25 - u * u);
                var seen = light.On(_patch.At(level, isMirrored ? 0.5 - across : 0.5 + across, 0.5 + v), u, v);
                pixels[place] = ToByte(pixels[place] + share * (seen - pixels[place]));
                if (share > 0.5f)
                    _owners[place] = owner;
            }
    }

    /// <summary>Visibility of a column of a turned head, 0..1: 0 on the hidden far side, with a soft edge.</summary>
    private static float Near(double u, double yaw)
    {
        if (Math.Abs(yaw) <= 1)
            return 1;
        var (far, edge) = (u * Math.Sign(yaw), 0.5 / Math.Abs(yaw));
        return (float)Math.Clamp((edge - far) / 0.06, 0, 1);
    }

    /// <summary>Marks as hidden the faces that later patches or the edge cover too much.</summary>
    private void HideCovered(Scene scene)
    {
        var seen = new int[scene.Faces.Count + 1];
        foreach (var owner in _owners)
            seen[owner]++;
        for (var i = 0; i < scene.Faces.Count; i++)
        {
            var face = scene.Faces[i];
            if (seen[i + 1] < SeenShare * _areas[i])
                scene.Faces[i] = face with { IsHidden = true };
        }
    }

    private static double Gaussian(ref RandomStream random) =>
        NormalDistribution.Draw(random.NextDouble(), random.NextDouble());

    private static byte ToByte(double level) => (byte)Math.Clamp(level + 0.5, 0, 255);

    /// <summary>Brightness, contrast and light direction of a pasted patch.</summary>
    private readonly record struct Light(double Gain, double Shift, double SlopeX, double SlopeY)
    {
        public static Light Draw(Patch patch, ref RandomStream random)
        {
            var (mean, deviation) = patch.Statistics();
            // For all skin tones and lighting: the patch's own mean and contrast, or random ones.
            var gain = random.Between(0.5, 1.3);
            var target = mean;
            if (random.Below(2) == 0)
            {
                gain = Math.Min(2, random.Between(14, 65) / Math.Max(4, deviation));
                target = random.Between(40, 215);
            }
            var slope = random.Below(3) == 0 ? 80 : 10;
            return new Light(gain, target - gain * mean, random.Between(-slope, slope), random.Between(-slope, slope));
        }

        public double On(double level, double u, double v) => level * Gain + Shift + SlopeX * u + SlopeY * v;
    }
}
