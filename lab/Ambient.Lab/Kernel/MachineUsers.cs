namespace Ambient.Lab.Kernel;

/// <summary>Whether this user namespace has other users than root.</summary>
internal static class MachineUsers
{
    /// <summary>More than one id in /proc/self/uid_map.</summary>
    public static bool AreMapped { get; } = Read();

    private static bool Read()
    {
        var fields = File.ReadAllText("/proc/self/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields is not [_, _, "1"];
    }
}
