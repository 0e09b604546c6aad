using System.Globalization;

namespace Ambient.Proxy.Telemetry;

/// <summary>The process by the names that Prometheus client libraries give it.</summary>
internal static class ProcessMetrics
{
    internal static void Render(PrometheusText text)
    {
        text.Family("process_open_fds", "gauge", "Open file descriptors.")
            .Sample("process_open_fds", "", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        if (MaxDescriptors(File.ReadLines("/proc/self/limits")) is { } max)
        {
            text.Family("process_max_fds", "gauge", "File descriptors that may be open.").Sample("process_max_fds", "", max);
        }

        text.Family("process_resident_memory_bytes", "gauge", "Resident memory.")
            .Sample("process_resident_memory_bytes", "", Environment.WorkingSet);
        text.Family("process_cpu_seconds_total", "counter", "CPU time, user and system.")
            .Sample("process_cpu_seconds_total", "", Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    // Max open files            1024                 524288               files
    private static double? MaxDescriptors(IEnumerable<string> limits)
    {
        string[]? words = limits.FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal))?
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, _, _, var soft, ..] && double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out double max) ? max : null;
    }
}
