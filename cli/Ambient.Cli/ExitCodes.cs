namespace Ambient.Cli;

/// <summary>What scripts can tell from the exit code.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The question was answered and the answer is no: denied, refused, unhealthy, a resource was not accepted.</summary>
    public const int Negative = 1;

    /// <summary>The question was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Nobody could be asked: cluster, proxy or file not reachable.</summary>
    public const int Unreachable = 3;

    /// <summary>A fault in this program (sysexits.h EX_SOFTWARE).</summary>
    public const int Fault = 70;
}
