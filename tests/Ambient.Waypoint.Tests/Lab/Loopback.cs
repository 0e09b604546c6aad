using System.Net;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>Addresses of 127.0.0.0/8 that no other test has, and by the process number hardly any other run of them.</summary>
internal static class Loopback
{
    private static int s_last;

    internal static IPAddress Next()
    {
        int next = Interlocked.Increment(ref s_last);
        return new IPAddress([127, (byte)(16 + (Environment.ProcessId % 200)), (byte)(next / 250), (byte)(1 + (next % 250))]);
    }
}
