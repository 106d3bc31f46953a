using System.Globalization;
using System.Runtime.InteropServices;

namespace FerMl.EndToEnd.Tests;

/// <summary>Closes a window as its close button does, which xdotool of Debian 12 can't.</summary>
internal static partial class XWindow
{
    private const string X11 = "libX11.so.6";
    private const int ClientMessage = 33;

    /// <summary>
    /// Asks the window to close: the client message WM_DELETE_WINDOW (Inter-Client Communication Conventions Manual, 4.2.8.1).
    /// </summary>
    public static void RequestClose(string display, string window)
    {
        var connection = XOpenDisplay(display);
        Assert.That(connection, Is.Not.Zero, $"a connection to display {display}");
        var id = (nint)long.Parse(window, CultureInfo.InvariantCulture);
        var message = new ClientMessageEvent
        {
            Type = ClientMessage,
            Window = id,
            MessageType = XInternAtom(connection, "WM_PROTOCOLS", 0),
            Format = 32,
            Protocol = XInternAtom(connection, "WM_DELETE_WINDOW", 0),
        };
        var sent = XSendEvent(connection, id, propagate: 0, eventMask: 0, ref message);
        // Closing the connection sends pending requests.
        _ = XCloseDisplay(connection);
        Assert.That(sent, Is.Not.Zero, "the message was sent");
    }

    /// <summary>XClientMessageEvent of Xlib.h, padded to the size of the union XEvent: 24 longs.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24 * 8)]
    private struct ClientMessageEvent
    {
        public int Type;
        public nuint Serial;
        public int IsSentByProgram;
        public nint Display;
        public nint Window;
        public nint MessageType;
        public int Format;
        public nint Protocol;
    }

    [LibraryImport(X11, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XOpenDisplay(string name);

    [LibraryImport(X11, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint XInternAtom(nint display, string name, int onlyIfExists);

    [LibraryImport(X11)]
    private static partial int XSendEvent(nint display, nint window, int propagate, nint eventMask, ref ClientMessageEvent sent);

    [LibraryImport(X11)]
    private static partial int XCloseDisplay(nint display);
}
