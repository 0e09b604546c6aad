using System.Globalization;
using System.Security.Cryptography;
using Ambient.Proxy.Keeping;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// Packet marks of this node, random over 32 bits, since a pod that knew the first could send uncaptured
/// (from Linux 5.17 CAP_NET_RAW suffices to set a mark).
/// </summary>
/// <param name="Proxy">On every packet that the proxy sends in a pod's netns: not captured again.</param>
/// <param name="Reply">On an application's replies to the proxy's connections that carry a client's address: routed to loopback.</param>
internal sealed record NodeMarks(uint Proxy, uint Reply)
{
    internal static NodeMarks Random()
    {
        Span<byte> bytes = stackalloc byte[8];
        uint proxy, reply;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            proxy = BitConverter.ToUInt32(bytes);
            reply = BitConverter.ToUInt32(bytes[4..]);
        }
        while (proxy is 0 || reply is 0 || proxy == reply);
        return new NodeMarks(proxy, reply);
    }

    /// <summary>The same marks across restarts, or the rules in place would not know our packets.</summary>
    internal static NodeMarks LoadOrCreate(string stateDirectory)
    {
        string file = System.IO.Path.Combine(stateDirectory, "marks");
        if (File.Exists(file) && TryParse(File.ReadAllText(file), out NodeMarks? kept))
        {
            return kept!;
        }

        NodeMarks marks = Random();
        StateFile.Write(file, string.Create(CultureInfo.InvariantCulture, $"{marks.Proxy:x8} {marks.Reply:x8}\n"));
        return marks;
    }

    internal static bool TryParse(string text, out NodeMarks? marks)
    {
        marks = null;
        if (text.Trim().Split(' ') is not [var first, var second]
            || !uint.TryParse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint proxy)
            || !uint.TryParse(second, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint reply)
            || proxy is 0 || reply is 0 || proxy == reply)
        {
            return false;
        }

        marks = new NodeMarks(proxy, reply);
        return true;
    }
}
