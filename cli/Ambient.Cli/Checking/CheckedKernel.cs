namespace Ambient.Cli.Checking;

internal static class CheckedKernel
{
    /// <summary>The oldest with everything that the redirection rules use (NAT in the inet family came with 5.2).</summary>
    public static Version Minimum { get; } = new(5, 2);
}
