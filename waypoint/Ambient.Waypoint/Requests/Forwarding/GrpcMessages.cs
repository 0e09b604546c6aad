namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>Counts the messages of a gRPC stream by their five-byte prefixes, wherever those are cut.</summary>
internal sealed class GrpcMessages
{
    private const int PrefixLength = 5;

    private int _prefix;
    private uint _length;
    private long _left;

    public long Seen { get; private set; }

    public void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                int skipped = (int)Math.Min(_left, bytes.Length);
                _left -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _length = _prefix == 0 ? 0 : (_length << 8) | bytes[0]; // the first byte says whether it is compressed
            bytes = bytes[1..];
            if (++_prefix == PrefixLength)
            {
                Seen++;
                _left = _length;
                _prefix = 0;
            }
        }
    }
}
