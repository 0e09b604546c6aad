using System.Globalization;

namespace Ambient.Cli.Checking;

/// <summary>What the lab needs of this machine: kernel, namespaces and programs. Only reads.</summary>
internal static class MachineChecks
{
    private const string Area = "machine";

    // (program, package of Debian that has it)
    private static readonly (string Program, string Package)[] Programs =
        [("nft", "nftables"), ("ip", "iproute2"), ("unshare", "util-linux"), ("nsenter", "util-linux"), ("curl", "curl")];

    public static IEnumerable<CheckResult> Run()
    {
        yield return Kernel();
        yield return Namespaces();
        foreach ((string program, string package) in Programs)
        {
            yield return Find(program) is { } path
                ? CheckResult.Ok(Area, program, path)
                : CheckResult.Failed(Area, program, "not found", $"apt-get install {package}");
        }
    }

    internal static Version? KernelVersion(string text)
    {
        string digits = new([.. text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        string[] parts = digits.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new Version(major, minor)
            : null;
    }

    private static CheckResult Kernel()
    {
        string text = Read("/proc/sys/kernel/osrelease");
        return KernelVersion(text) switch
        {
            null => CheckResult.Failed(Area, "kernel", $"'{text}' is no Linux kernel", "the lab and the node proxy run on Linux"),
            var v when v < CheckedKernel.Minimum => CheckResult.Failed(Area, "kernel", text, $"at least {CheckedKernel.Minimum} is needed"),
            _ => CheckResult.Ok(Area, "kernel", text),
        };
    }

    private static CheckResult Namespaces()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return CheckResult.Ok(Area, "namespaces", "running as root");
        }

        string allowed = Read("/proc/sys/kernel/unprivileged_userns_clone");
        string most = Read("/proc/sys/user/max_user_namespaces");
        return allowed == "0" || most == "0"
            ? CheckResult.Failed(
                Area, "namespaces", "user namespaces are switched off for ordinary users",
                "sysctl kernel.unprivileged_userns_clone=1, or run as root")
            : CheckResult.Ok(Area, "namespaces", "user namespaces for ordinary users");
    }

    private static string? Find(string program) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
