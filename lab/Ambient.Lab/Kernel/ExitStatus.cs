namespace Ambient.Lab.Kernel;

/// <summary>How a process ended. <see cref="Code"/> is 128 + signal when a signal ended it.</summary>
internal readonly record struct ExitStatus(int Code, int Signal)
{
    /// <summary>From the word that waitpid(2) fills.</summary>
    public static ExitStatus FromWait(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xff, 0) : new ExitStatus(128 + signal, signal);
    }
}
