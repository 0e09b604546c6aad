using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Ambient.Ztunnel.Capture;

namespace Ambient.Ztunnel.Draining;

/// <summary>
/// A line of text with file descriptors over a unix socket (SCM_RIGHTS, unix(7)). Four bytes of length, the text, and with its first
/// byte the descriptors. Blocking: only from a thread of its own. The receiver's descriptors are close-on-exec.
/// </summary>
internal static unsafe class DescriptorMessage
{
    internal const int MaxDescriptors = 32;
    private const int MaxText = 64 * 1024;
    private const int SolSocket = 1, ScmRights = 1, CloseOnExec = 0x40000000, Truncated = 8, NoSignal = 0x4000;
    private const int ControlHeader = 16;

    internal static void Send(Socket socket, string text, IReadOnlyList<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MaxDescriptors);
        byte[] body = Encoding.UTF8.GetBytes(text);
        byte[] message = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, body.Length);
        body.CopyTo(message, 4);
        int length = ControlHeader + (4 * descriptors.Count);
        byte* control = stackalloc byte[ControlHeader + (4 * MaxDescriptors) + 8];
        *(nuint*)control = (nuint)length;
        *(int*)(control + 8) = SolSocket;
        *(int*)(control + 12) = ScmRights;
        for (int i = 0; i < descriptors.Count; i++)
        {
            *(int*)(control + ControlHeader + (4 * i)) = descriptors[i];
        }

        fixed (byte* first = message)
        {
            var vector = new Native.IoVector { Base = first, Length = (nuint)message.Length };
            var header = new Native.MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = descriptors.Count == 0 ? null : control,
                ControlLength = descriptors.Count == 0 ? 0 : (nuint)((length + 7) & ~7),
            };
            if (Native.SendMessage(socket.SafeHandle, &header, NoSignal) != message.Length)
            {
                throw Native.LastError("handing descriptors over");
            }
        }
    }

    /// <exception cref="IOException">Closed, or not such a message.</exception>
    internal static (string Text, List<int> Descriptors) Receive(Socket socket)
    {
        List<int> descriptors = [];
        try
        {
            byte[] length = new byte[4];
            Fill(socket, length, descriptors);
            int size = BinaryPrimitives.ReadInt32BigEndian(length);
            if (size is < 0 or > MaxText)
            {
                throw new IOException("the other process sent no message of this kind");
            }

            byte[] text = new byte[size];
            Fill(socket, text, descriptors);
            return (Encoding.UTF8.GetString(text), descriptors);
        }
        catch
        {
            descriptors.ForEach(d => Native.Close(d));
            throw;
        }
    }

    private static void Fill(Socket socket, byte[] into, List<int> descriptors)
    {
        int at = 0;
        while (at < into.Length)
        {
            int got = ReceiveSome(socket, into.AsSpan(at), descriptors);
            if (got <= 0)
            {
                throw got == 0 ? new IOException("the other process closed the connection") : Native.LastError("taking descriptors over");
            }

            at += got;
        }
    }

    private static int ReceiveSome(Socket socket, Span<byte> into, List<int> descriptors)
    {
        const int Room = ControlHeader + (4 * MaxDescriptors) + 8;
        byte* control = stackalloc byte[Room];
        fixed (byte* first = into)
        {
            var vector = new Native.IoVector { Base = first, Length = (nuint)into.Length };
            var header = new Native.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = Room };
            int got = (int)Native.ReceiveMessage(socket.SafeHandle, &header, CloseOnExec);
            if (got > 0 && header.ControlLength >= ControlHeader && *(int*)(control + 8) == SolSocket && *(int*)(control + 12) == ScmRights)
            {
                int count = ((int)*(nuint*)control - ControlHeader) / 4;
                for (int i = 0; i < count; i++)
                {
                    descriptors.Add(*(int*)(control + ControlHeader + (4 * i)));
                }
            }

            return (header.Flags & Truncated) != 0 ? throw new IOException("descriptors were lost on the way") : got;
        }
    }
}
