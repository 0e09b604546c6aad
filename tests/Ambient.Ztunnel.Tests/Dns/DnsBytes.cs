using System.Text;

namespace Ambient.Ztunnel.Tests.Dns;

internal static class DnsBytes
{
    /// <summary>A query with one question of class IN, recursion desired.</summary>
    internal static byte[] Query(byte id, string name, int type)
    {
        List<byte> bytes = [0, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        foreach (string label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0, 0, (byte)type, 0, 1];
    }
}
