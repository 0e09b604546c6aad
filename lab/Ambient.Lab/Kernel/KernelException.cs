namespace Ambient.Lab.Kernel;

/// <summary>A system call failed; <see cref="Errno"/> as in errno(3).</summary>
internal sealed class KernelException(string message, int errno) : IOException(message)
{
    public int Errno { get; } = errno;
}
